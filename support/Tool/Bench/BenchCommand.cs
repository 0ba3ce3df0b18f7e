using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool.Bench;

/// <summary><c>specs bench</c>: measures warm runs, each figure beside the wanted one. Nothing else should run on the machine meanwhile.</summary>
internal static partial class BenchCommand
{
    // Tenants, rights and the first drill have one limit together, every other section one for itself.
    private static readonly string[] Together = ["10", "20", "50"];
    private static readonly TimeSpan SamplingPause = TimeSpan.FromMilliseconds(300);

    public static async Task<int> RunAsync(int runs, CancellationToken cancel)
    {
        // Without what is found below: a run by itself has to find what it needs.
        var given = Variables();
        await using var whole = await Run.PrepareAsync(cancel);
        var (measured, postures) = (new List<(string Sections, Sample Sample)>(), new List<Posture>());
        foreach (var part in FeatureIndex.Read(whole.Options.Root).All.GroupBy(PartOf).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var filter = Selection.FilterOf(part);
            for (var number = 1; number <= runs; number++)
            {
                var folder = Directory.CreateDirectory(whole.Result($"bench-{part.Key.Replace(' ', '-')}-{number}")).FullName;
                await Console.Error.WriteLineAsync($"Warm run {number} of {runs} of sections {part.Key} ...");
                measured.Add((part.Key, await MeasureAsync(whole.Options.Root, folder, filter, given, cancel)));
                postures.Add(ResultsFolder.ReadPosture(folder));
            }
        }

        Console.WriteLine($"\n{"Figure",-46} {"measured",12}   wanted");
        foreach (var part in measured.GroupBy(m => m.Sections, m => m.Sample))
        {
            Print($"warm run of sections {part.Key} (median)", Seconds(Median(part.Select(s => s.Seconds))), "at most 60 s");
            Print("  of it before the tests start (median)", Seconds(Median(part.Select(s => s.SecondsBeforeTests))), "at most 3 s");
        }

        Print("peak memory of the whole (highest)", Mebibytes(s => s.PeakOfBoth), "at most 2560 MiB");
        Print("  cluster containers", Mebibytes(s => s.PeakOfContainers), "");
        Print("  test processes", Mebibytes(s => s.PeakOfProcesses), "");
        var cold = Preparation.ColdRunFile;
        Print("last specs run that prepared images", File.Exists(cold) ? await File.ReadAllTextAsync(cold, cancel) : "not known", "at most 900 s");
        var scenarios = postures.SelectMany(p => p.Scenarios).Select(s => s.DurationMs / 1000).ToList();
        Print("start to an answering cluster (median)", Seconds(Median(postures.Select(p => (p.Run.ClusterReadyMs ?? double.NaN) / 1000))), "");
        Print("start to fleet ready (median)", Seconds(Median(postures.Select(p => (p.Run.FleetReadyMs ?? double.NaN) / 1000))), "at most 20 s");
        Print("median scenario", Seconds(Median(scenarios)), "at most 1.5 s");
        Print("slowest scenario", Seconds(scenarios.Max()), "");
        await WhoCanBench.RunAsync();
        await ReachabilityBench.RunAsync();
        return 0;

        string Mebibytes(Func<Sample, long> peak) => $"{measured.Max(m => peak(m.Sample)) >> 20} MiB";
    }

    private static string PartOf(ScenarioPlace scenario)
    {
        var section = Path.GetFileName(Path.GetDirectoryName(scenario.Feature)!).Split('-')[0];
        return Together.Contains(section) ? string.Join(' ', Together) : section;
    }

    // One `specs run`, its memory looked at until it ends.
    private static async Task<Sample> MeasureAsync(string root, string folder, string filter, Dictionary<string, string?> variables, CancellationToken cancel)
    {
        var marker = Path.Combine(folder, ".run");
        File.Delete(marker);
        var start = new ProcessStartInfo(Path.Combine(root, "support", "specs"), ["run", "--filter", filter]);
        foreach (var found in Variables().Keys)
            start.Environment.Remove(found);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = 0;
        var running = InnerRun.RunAsync(start, folder, cancel, id => process = id);
        var sample = new Sample();
        while (await Task.WhenAny(running, Task.Delay(SamplingPause, CancellationToken.None)) != running)
            sample.Take(await ContainerMemory.OfRunAsync(File.Exists(marker) ? (await File.ReadAllTextAsync(marker, cancel)).Split(' ')[0] : null), MemoryOf(process));
        var run = await running;
        if (run.ExitCode != 0)
            await Console.Error.WriteLineAsync(string.Join('\n', run.Output.TakeLast(15)));
        if (run.ExitCode is not (0 or 1))
            throw new EnvironmentException($"the run ended with exit code {run.ExitCode}: no figures (its output: {folder}/console.log)");
        if (run.ExitCode == 1)
            await Console.Error.WriteLineAsync("A control failed in this run; its times are shown all the same.");
        var before = double.Parse((await File.ReadAllTextAsync(marker, cancel)).Split(' ')[1], CultureInfo.InvariantCulture) / 1000;
        return sample with { Seconds = run.Seconds, SecondsBeforeTests = before };
    }

    private static Dictionary<string, string?> Variables() => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(n => n.StartsWith("SPECS_", StringComparison.Ordinal)).ToDictionary(n => n, Environment.GetEnvironmentVariable);

    // A process and all its descendants; shared pages are counted once (Pss).
    private static long MemoryOf(int process) => ChildProcess.Family(process).Sum(id => Number(Pss(), $"/proc/{id}/smaps_rollup") << 10);

    /// <summary>The number that an expression finds in a file; 0 where there is none.</summary>
    internal static long Number(Regex expression, string file)
    {
        try
        {
            return expression.Match(File.ReadAllText(file)) is { Success: true } match ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // ended just now
        }
    }

    private static void Print(string figure, string measured, string wanted) => Console.WriteLine($"{figure,-46} {measured,12}   {wanted}");

    private static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    [GeneratedRegex(@"^Pss:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex Pss();
}

/// <summary>What one run has taken.</summary>
internal sealed record Sample
{
    public double Seconds { get; init; }

    public double SecondsBeforeTests { get; init; }

    public long PeakOfContainers { get; private set; }

    public long PeakOfProcesses { get; private set; }

    public long PeakOfBoth { get; private set; }

    public void Take(long containers, long processes)
    {
        PeakOfContainers = Math.Max(PeakOfContainers, containers);
        PeakOfProcesses = Math.Max(PeakOfProcesses, processes);
        PeakOfBoth = Math.Max(PeakOfBoth, containers + processes);
    }
}

/// <summary>What containers use, without the file cache that the kernel would give back; as <c>docker stats</c>.</summary>
internal static partial class ContainerMemory
{
    private static readonly string[] Folders =
        ["/sys/fs/cgroup/memory/docker/{0}", "/sys/fs/cgroup/memory/system.slice/docker-{0}.scope", "/sys/fs/cgroup/docker/{0}", "/sys/fs/cgroup/system.slice/docker-{0}.scope"];

    /// <summary>Those of a run, in bytes.</summary>
    public static async Task<long> OfRunAsync(string? run) => run is null ? 0
        : (await ContainerEngine.ContainersAsync(RunLabels.Run)).Where(c => c.Value == run).Sum(c =>
        {
            var folder = Folders.Select(f => string.Format(CultureInfo.InvariantCulture, f, c.Id)).FirstOrDefault(Directory.Exists);
            return folder is null ? 0
                : BenchCommand.Number(Whole(), $"{folder}/memory.usage_in_bytes") + BenchCommand.Number(Whole(), $"{folder}/memory.current")
                - BenchCommand.Number(Inactive(), $"{folder}/memory.stat");
        });

    [GeneratedRegex(@"^(\d+)")]
    private static partial Regex Whole();

    // The last such line: cgroup v1 has one with child groups behind the group's own.
    [GeneratedRegex(@"^(?:total_)?inactive_file (\d+)", RegexOptions.Multiline | RegexOptions.RightToLeft)]
    private static partial Regex Inactive();
}
