namespace SecuritySpecs.Tool.Bench;

/// <summary>
/// <c>specs bench scale</c>: how the analyses grow with tenants and with nodes, then the same rights and connections asked of a real cluster.
/// The analyses are pure code: they get the objects that an API server would return, of a cluster that nobody starts.
/// </summary>
internal static class ScaleBench
{
    private const int SomeTenants = 100;
    private const int SomeNodes = 100;
    private const int Repetitions = 5;
    private static readonly int[] Tenants = [10, 20, 50, 100, 200];
    private static readonly int[] Nodes = [5, 20, 100, 500, 1000];

    /// <summary>Measures, prints and plots.</summary>
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        await using (var results = ResultsFolder.Open(RunOptions.FromEnvironment()))
        {
            var plot = Path.Combine(results.Location, "scale.svg");
            await File.WriteAllTextAsync(plot, ScalePlot.Svg(
            [
                Measure($"tenants, with {SomeNodes} nodes", Tenants, n => new(n, SomeNodes)),
                Measure($"nodes of 8 GPUs, with {SomeTenants} tenants", Nodes, n => new(SomeTenants, n)),
            ]), cancel);
            Console.WriteLine($"plot: {plot}\n");
        }

        await WhoCanBench.RunAsync();
        await ReachabilityBench.RunAsync();
        return 0;
    }

    private static ScalePlot Measure(string title, int[] sizes, Func<int, ScaleCluster> of)
    {
        var lines = new List<(string, IReadOnlyList<(int, double)>)>();
        Console.WriteLine($"{title}: {string.Join(", ", sizes)}");
        var clusters = sizes.Select(of).ToList();
        foreach (var (name, n) in clusters[0].Analyses.Select((a, n) => (a.Name, n)))
        {
            Best(clusters[^1].Analyses[n].Do); // the compiler's own work is not what is measured
            var times = clusters.ConvertAll(c => Best(c.Analyses[n].Do));
            Console.WriteLine($"  {name,-10} {string.Join(' ', times.Select(t => t.ToString("0.0", CultureInfo.InvariantCulture).PadLeft(9)))} ms");
            lines.Add((name, [.. sizes.Zip(times)]));
        }

        return new(title, lines);
    }

    // Whatever else the machine does can only add to it.
    private static double Best(Action work) => Enumerable.Range(0, Repetitions).Min(_ =>
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalMilliseconds;
    });
}
