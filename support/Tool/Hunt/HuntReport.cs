namespace SecuritySpecs.Tool.Hunt;

/// <summary>One run of a hunt.</summary>
internal sealed record HuntRun(int Number, int Seed, double Seconds, int ExitCode, Posture Posture)
{
    /// <summary>As one line, while the hunt goes on.</summary>
    public string Line(int runs) => FormattableString.Invariant(
        $"run {Number} of {runs}  seed {Seed}  {Seconds:0} s  {Posture.Totals.Passed} passed, {Posture.Totals.Failed} failed, {Posture.Totals.Inconclusive} inconclusive")
        + (ExitCode is 0 or 1 ? "" : FormattableString.Invariant($"  (exit code {ExitCode})"));

    /// <summary>What failed although no scenario did, or before any could; null where nothing of the kind.</summary>
    public string? Problem => ExitCode == 0 ? null
        : Posture.Run.Error ?? (ExitCode == 1 ? null
        : Posture.Required.Where(r => !r.Present).Select(r => r.Name).ToList() is [_, ..] missing ? $"Required but missing: {string.Join(", ", missing)}"
        : FormattableString.Invariant($"The run ended with exit code {ExitCode}; its console.log says why."));

    /// <summary>The scenarios that failed, without those whose only failure is the run's.</summary>
    public IEnumerable<ScenarioResult> Failed => Posture.Scenarios.Where(s => s.Status == ResultStatus.Failed && Posture.Run.Error?.Contains(s.Error ?? "", StringComparison.Ordinal) != true);
}

/// <summary>What a hunt tells: its runs, what failed in them, and how long each scenario took.</summary>
/// <param name="wanted">How many runs were asked for.</param>
/// <param name="arguments">What a command needs to repeat one of them, beside its seed.</param>
internal sealed class HuntReport(int wanted, string arguments)
{
    private const int Slowest = 20;
    private const int Widest = 400;
    private readonly List<HuntRun> _runs = [];

    /// <summary>Those that have ended.</summary>
    public IReadOnlyList<HuntRun> Runs => _runs;

    /// <summary>Takes one that has ended.</summary>
    public void Add(HuntRun run) => _runs.Add(run);

    /// <summary>The report.</summary>
    /// <param name="whole">Where the times of all scenarios are; then only those of the slowest follow here.</param>
    public string Text(string? whole = null)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        WriteRuns(text);
        WriteFailures(text);
        WriteTimes(text, whole);
        if (_runs.Count < wanted)
            text.WriteLine($"\nThe hunt ended after {_runs.Count} of {wanted} runs.");
        var failed = _runs.Sum(r => r.Posture.Totals.Failed + (r.ExitCode != 0 && r.Posture.Totals.Failed == 0 ? 1 : 0));
        text.WriteLine($"\n{ConsoleSummary.LastLine(_runs.Sum(r => r.Posture.Totals.Passed), failed, _runs.Sum(r => r.Posture.Totals.Inconclusive + r.Posture.Totals.NotProvided + r.Posture.Totals.Skipped))}");
        return text.ToString();
    }

    private void WriteRuns(StringWriter text)
    {
        text.WriteLine($"\n{"Run",4} {"Seed",10} {"Seconds",8} {"Passed",7} {"Failed",7} {"Inconclusive",13} {"Skipped",8} {"Exit",5}");
        foreach (var run in _runs)
        {
            var totals = run.Posture.Totals;
            text.WriteLine(FormattableString.Invariant(
                $"{run.Number,4} {run.Seed,10} {run.Seconds,8:0} {totals.Passed,7} {totals.Failed,7} {totals.Inconclusive,13} {totals.Skipped,8} {run.ExitCode,5}"));
        }
    }

    private void WriteFailures(StringWriter text)
    {
        var failures = _runs.SelectMany(r => r.Failed.Select(s => (Run: r, Scenario: s)))
            .GroupBy(f => (f.Scenario.Feature, f.Scenario.Line, f.Scenario.Name)).OrderByDescending(g => g.Count()).ToList();
        var problems = _runs.Where(r => r.Problem is not null).GroupBy(r => r.Problem!).OrderByDescending(g => g.Count()).ToList();
        text.WriteLine(failures.Count + problems.Count == 0 ? "\nNothing failed." : "\nFailed:");
        foreach (var problem in problems)
            WriteFailure(text, "the run itself", [.. problem], null, problem.Key);
        foreach (var failure in failures)
        {
            var (feature, line, name) = failure.Key;
            var first = failure.First().Scenario;
            var step = first.Steps.FirstOrDefault(s => s.Status == ResultStatus.Failed);
            WriteFailure(text, FormattableString.Invariant($"{feature}:{line}  {name}"), [.. failure.Select(f => f.Run)], step is null ? null : $"{step.Keyword} {step.Text}", first.Error ?? "");
        }
    }

    private void WriteFailure(StringWriter text, string what, List<HuntRun> runs, string? step, string message)
    {
        text.WriteLine($"  {runs.Count} of {_runs.Count} runs  {what}");
        text.WriteLine($"      in {(runs.Count == 1 ? "run" : "runs")} {string.Join(", ", runs.Select(r => r.Number))}; first:");
        if (step is not null)
            text.WriteLine($"      {step}");
        foreach (var line in Excerpt.Of(message, head: 4, tail: 4, FormattableString.Invariant($"hunt-{runs[0].Number:00}/posture.html")))
            text.WriteLine($"      {(line.Length > Widest ? line[..Widest] + "..." : line)}");
        text.WriteLine($"      again: {$"support/specs hunt --runs 1 --seed {runs[0].Seed} {arguments}".TrimEnd()}");
    }

    // Of those that were inconclusive or skipped the time says nothing.
    private void WriteTimes(StringWriter text, string? whole)
    {
        var times = _runs.SelectMany(r => r.Posture.Scenarios).Where(s => s.Status is ResultStatus.Passed or ResultStatus.Failed)
            .GroupBy(s => (s.Feature, s.Line, s.Name), s => s.DurationMs / 1000)
            .Select(g => (Scenario: g.Key, Seconds: g.Order().ToList())).OrderByDescending(t => Percentile.Of(t.Seconds, 0.9)).ToList();
        text.WriteLine(whole is null ? "\nSeconds of each scenario:" : $"\nSeconds of the slowest {Math.Min(Slowest, times.Count)} of {times.Count} scenarios (all: {whole}):");
        text.WriteLine($"{"Runs",5} {"Least",7} {"Median",7} {"90 %",7} {"Most",7}  Scenario");
        foreach (var ((feature, line, name), seconds) in whole is null ? times : [.. times.Take(Slowest)])
        {
            text.WriteLine(FormattableString.Invariant(
                $"{seconds.Count,5} {seconds[0],7:0.0} {Percentile.Of(seconds, 0.5),7:0.0} {Percentile.Of(seconds, 0.9),7:0.0} {seconds[^1],7:0.0}  {feature}:{line}  {name}"));
        }
    }
}
