using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool.Bench;

/// <summary>What a run has used from the moment when its fleet was ready until its end.</summary>
/// <param name="Seconds">The whole run, from its start.</param>
/// <param name="CpuSeconds">Processor time of its containers and of its processes.</param>
/// <param name="Pods">The pods that the kubelet started.</param>
/// <param name="Processes">The processes and threads that this whole machine started.</param>
/// <param name="Memory">The most that containers and processes took together, in bytes.</param>
internal sealed record Usage(double Seconds, double CpuSeconds, int Pods, long Processes, long Memory);

/// <summary>A <c>specs run</c>, looked at until it ends.</summary>
internal sealed partial class MeasuredRun
{
    // What the run says when scenarios may begin.
    private const string IsReady = "GPUs is ready after";
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly HashSet<string> _pods = [];
    private readonly string _marker;
    private volatile bool _ready;
    private (double Containers, double Processes, long Started)? _begin;
    private double _containers;
    private long _memory;

    private MeasuredRun(string folder) => _marker = Path.Combine(folder, ".run");

    /// <summary>Runs features on a new cluster.</summary>
    /// <param name="root">The working copy whose they are.</param>
    /// <param name="features">Which.</param>
    /// <param name="folder">For the results.</param>
    /// <param name="cancel">Interrupts it.</param>
    /// <exception cref="EnvironmentException">It gave no figures; the message says why.</exception>
    public static async Task<(Usage Usage, Posture Posture)> RunAsync(string root, IEnumerable<string> features, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Path.Combine(root, "support", "specs"), ["run", .. features.Select(f => Path.Combine(root, f))]);
        start.Environment["SPECS_KEEP"] = "0";
        var usage = await new MeasuredRun(folder).MeasureAsync(start, folder, cancel);
        return InnerRun.PostureIn(folder) is { Totals: var totals } posture && totals.Passed + totals.Failed > 0 ? (usage, posture)
            : throw new EnvironmentException($"a run judged nothing: no figures (its output: {folder}/console.log)");
    }

    private async Task<Usage> MeasureAsync(ProcessStartInfo start, string folder, CancellationToken cancel)
    {
        var (process, before) = (0, Ticks("self", ofChildren: true));
        var running = InnerRun.RunAsync(start, folder, cancel, id => process = id, line => _ready |= line.Contains(IsReady, StringComparison.Ordinal));
        while (await Task.WhenAny(running, Task.Delay(Pause, CancellationToken.None)) != running)
            Look(await ContainerUse.OfRunAsync(File.Exists(_marker) ? (await File.ReadAllTextAsync(_marker, cancel)).Split(' ')[0] : null), ChildProcess.Family(process));
        var run = await running;
        if (run.ExitCode is not (0 or 1) || _begin is not { } begin)
            throw new EnvironmentException($"the run ended with exit code {run.ExitCode}: no figures (its output: {folder}/console.log)\n{string.Join('\n', run.Output.TakeLast(5))}");
        var processes = Ticks("self", ofChildren: true) - before - begin.Processes;
        return new(run.Seconds, _containers - begin.Containers + processes, _pods.Count, Started() - begin.Started, _memory);
    }

    private void Look(ContainerUse? containers, IReadOnlyList<int> processes)
    {
        // A container that is being removed counts no more.
        _containers = Math.Max(_containers, containers?.Cpu.TotalSeconds ?? 0);
        _memory = Math.Max(_memory, (containers?.Memory ?? 0) + processes.Sum(id => BenchCommand.Number(Pss(), $"/proc/{id}/smaps_rollup") << 10));
        if (_ready && _begin is null)
            _begin = (_containers, processes.Sum(id => Ticks($"{id}", ofChildren: true) + Ticks($"{id}", ofChildren: false)), Started());
        // Those of the platform are there before.
        if (_begin is not null)
            _pods.UnionWith(containers?.Pods ?? []);
    }

    /// <summary>Processor time, in seconds, as proc(5) has it behind the name: a process's own, or that of those children that it has awaited.</summary>
    internal static double Ticks(string process, bool ofChildren)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ')[ofChildren ? 13..15 : 11..13].Sum(t => long.Parse(t, CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // ended just now
        }
    }

    private static long Started() => BenchCommand.Number(Processes(), "/proc/stat");

    // Shared pages are counted once.
    [GeneratedRegex(@"^Pss:\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex Pss();

    [GeneratedRegex(@"^processes (\d+)", RegexOptions.Multiline)]
    private static partial Regex Processes();
}
