namespace SecuritySpecs.Tool.Hunt;

/// <summary><c>specs hunt</c>: many runs, each in another order, for failures that only some runs have.</summary>
internal static class HuntCommand
{
    private const string Prefix = "hunt-";

    // A message that ends a run begins so.
    private const string Mark = "specs: ";

    /// <summary>Runs them and prints the table of those that ended, however the hunt ends.</summary>
    /// <param name="runs">How many.</param>
    /// <param name="first">The seed of the first; each later one has the next number. Null for a random one.</param>
    /// <param name="load">How many busy loops beside them.</param>
    /// <param name="arguments">What each run is asked for, as <c>specs run</c> understands it.</param>
    /// <param name="cancel">Ends the run that is under way, and the hunt.</param>
    /// <returns>0 where nothing failed in any run, else 1.</returns>
    /// <exception cref="EnvironmentException">A run left no results; the message says why.</exception>
    public static async Task<int> RunAsync(int runs, int? first, int load, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        await using var results = ResultsFolder.Open(RunOptions.FromEnvironment());
        InnerRun.RemoveFolders(results.Location, Prefix);
        var seed = first ?? Random.Shared.Next(1, 1_000_000);
        var report = new HuntReport(runs, Again(load, arguments));
        var file = Path.Combine(results.Location, "hunt.txt");
        var beside = load > 0 ? Invariant($" beside {load} busy {(load == 1 ? "loop" : "loops")}") : "";
        await Console.Error.WriteLineAsync(Invariant($"hunt: seed {seed}, {runs} {(runs == 1 ? "run" : "runs")}{beside}; results in {results.Location}"));
        using var loops = new BusyLoops(load);
        try
        {
            for (var number = 1; number <= runs; number++)
            {
                var run = await RunOneAsync(number, runs, seed + number - 1, results.Location, arguments, cancel);
                report.Add(run);
                await Console.Error.WriteLineAsync(run.Line(runs));
                // Now, and not at the end: whatever ends a hunt of hours, it keeps what it has found.
                await File.WriteAllTextAsync(file, report.Text(), CancellationToken.None);
            }
        }
        finally
        {
            if (report.Runs.Count > 0)
                Console.Write(report.Text(file));
        }

        return report.Runs.All(r => r.ExitCode == 0) ? 0 : 1;
    }

    private static async Task<HuntRun> RunOneAsync(int number, int runs, int seed, string results, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var folder = InnerRun.Folder(results, Invariant($"{Prefix}{number:00}"));
        var start = InnerRun.OfThisBuild("run", arguments);
        start.Environment[RunOptions.OrderVariable] = Invariant($"{seed}");
        var run = await InnerRun.RunAsync(start, folder, cancel);
        if (InnerRun.PostureIn(folder) is { } posture)
            return new(number, seed, run.Seconds, run.ExitCode, posture);
        throw new EnvironmentException(Invariant(
            $"run {number} of {runs} ended with exit code {run.ExitCode} and left no results: {LastWords(run)} (its output: {folder}/console.log)"));
    }

    private static string LastWords(InnerRun run) =>
        run.Output.LastOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal))?[Mark.Length..] ?? run.Output.LastOrDefault(l => l.Length > 0) ?? "it printed nothing";

    private static string Again(int load, IReadOnlyList<string> arguments) =>
        string.Join(' ', [.. load > 0 ? [Invariant($"--load {load}")] : Array.Empty<string>(), .. arguments.Select(Quoted)]);

    private static string Quoted(string argument) =>
        argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,".Contains(c)) ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
