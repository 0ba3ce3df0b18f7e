namespace SecuritySpecs.Tool;

/// <summary>What a run prints at its end.</summary>
/// <param name="options">The run.</param>
internal sealed class RunSummary(RunOptions options)
{
    private const int LastLines = 40;
    private const int LongestLine = 400;

    /// <summary>Prints the controls, the failures of other tests, where the report is, and as the last line the sum.</summary>
    /// <param name="posture">The results of the scenarios.</param>
    /// <param name="tests">Those of other tests.</param>
    public async Task WriteAsync(Posture posture, IReadOnlyList<UnitTests> tests)
    {
        var report = Path.Combine(options.Results, "posture.html");
        ConsoleSummary.Write(posture, Console.Out, report);
        // At the end: whoever keeps no more than the end of a long output still sees what to mend.
        foreach (var project in tests)
            project.WriteFailures(Console.Out);
        Console.WriteLine($"\nReport: {report}");
        await WriteKeptClusterAsync();
        WriteEndOfCluster();
        var totals = posture.Totals;
        Console.WriteLine(ConsoleSummary.LastLine(
            totals.Passed + tests.Sum(t => t.Passed),
            totals.Failed + tests.Sum(t => t.Failures.Count),
            totals.Inconclusive + totals.NotProvided + totals.Skipped + tests.Sum(t => t.Skipped.Count)));
    }

    private async Task WriteKeptClusterAsync()
    {
        if (options.Cluster != RunOptions.K3s || !options.Reuse)
            return;
        if (await KeptCluster.FindAsync(KeptCluster.Recipe(options)) is { KeptId: { } id })
        {
            Console.WriteLine($"The cluster stays up for the next run, and for you: KUBECONFIG={KeptCluster.KubeconfigOf(id)}");
            Console.WriteLine("'support/specs clean' ends it.");
        }
    }

    // Where a component of the cluster has ended in the middle of the run: its last words.
    private void WriteEndOfCluster()
    {
        var log = Path.Combine(options.Results, "cluster.log");
        if (!File.Exists(log))
            return;
        var last = File.ReadLines(log)
            .SkipWhile(l => !l.Contains("has exited; the end of its log", StringComparison.Ordinal))
            .Take(LastLines);
        var text = string.Join('\n', last.Select(l => l.Length > LongestLine ? l[..LongestLine] : l));
        if (text.Length > 0)
            Console.WriteLine($"The cluster ended in the middle of the run ({log}):\n{text}");
    }
}
