namespace SecuritySpecs.Tool.Bench;

/// <summary>What <c>specs bench</c> is asked for.</summary>
/// <param name="Runs">How many runs of each kind, and of each commit.</param>
/// <param name="Kind">The only kind that is measured; null for all.</param>
/// <param name="Against">The commit that is measured beside this one; null for none.</param>
internal sealed record BenchRequest(int Runs, string? Kind, string? Against);

/// <summary><c>specs bench</c>: what a scenario of each kind costs, beside the budget of its kind. Nothing else should run on the machine meanwhile.</summary>
internal static class BenchCommand
{
    private const string Prefix = "bench-";

    /// <summary>Measures, and prints.</summary>
    /// <returns>1 where a figure is above its budget, else 0.</returns>
    /// <exception cref="EnvironmentException">A run gave no figures, or there is no such kind or commit.</exception>
    public static async Task<int> RunAsync(BenchRequest asked, CancellationToken cancel)
    {
        var options = RunOptions.FromEnvironment();
        var kinds = Kind.Read(options.Root);
        var chosen = kinds.Where(k => asked.Kind is null || k.Name == asked.Kind).ToList();
        if (chosen.Count == 0)
            throw new EnvironmentException($"--kind {asked.Kind}: there is no such kind; there are {string.Join(", ", kinds.Select(k => k.Name))}");
        await using var results = ResultsFolder.Open(options);
        InnerRun.RemoveFolders(results.Location, Prefix);
        await using var other = asked.Against is null ? null : await OtherCommit.CheckOutAsync(options.Root, asked.Against, cancel);
        var costs = new List<KindCost>();
        Console.WriteLine(KindCost.Head);
        foreach (var kind in chosen)
        {
            var (these, others) = (new List<(Usage, Posture)>(), new List<(Usage, Posture)>());
            // In turn, so that what else the machine does meanwhile is the same for both.
            for (var number = 1; number <= asked.Runs; number++)
            {
                these.Add(await MeasureAsync(options.Root, kind.Features, $"{kind.Name}-{number}"));
                if (other is not null)
                    others.Add(await MeasureAsync(other.Root, kind.Features.Where(f => File.Exists(Path.Combine(other.Root, f))), $"{kind.Name}-{number}-against"));
            }

            costs.Add(new(kind, "", these));
            Console.WriteLine(costs[^1].Line);
            if (other is null)
                continue;
            var against = new KindCost(kind, asked.Against!, others);
            Console.WriteLine($"{against.Line}\n{costs[^1].RatioTo(against)}");
        }

        var runs = costs.SelectMany(c => c.Runs).ToList();
        var cold = File.Exists(Preparation.ColdRunFile) ? await File.ReadAllTextAsync(Preparation.ColdRunFile, cancel) : "not known";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""

            an answering cluster after {Median(p => p.ClusterReadyMs):0.0} s, the fleet ready after {Median(p => p.FleetReadyMs):0.0} s (median of {runs.Count} runs); peak memory {runs.Max(r => r.Usage.Memory) >> 20} MiB
            the last specs run that prepared images: {cold}
            CPU: the cluster's containers and the test processes, from the moment the fleet is ready. Processes: those of the whole machine, threads included.
            """));
        var over = costs.SelectMany(c => c.OverBudget).ToList();
        foreach (var sentence in over)
            Console.WriteLine(sentence);
        return over.Count > 0 ? 1 : 0;

        double Median(Func<RunInfo, double?> figure) => Percentile.Of(runs.Select(r => (figure(r.Posture.Run) ?? double.NaN) / 1000), 0.5);

        async Task<(Usage, Posture)> MeasureAsync(string root, IEnumerable<string> features, string name)
        {
            await Console.Error.WriteLineAsync($"Measuring {name} of {asked.Runs} ...");
            return await MeasuredRun.RunAsync(root, features, InnerRun.Folder(results.Location, Prefix + name), cancel);
        }
    }

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
}
