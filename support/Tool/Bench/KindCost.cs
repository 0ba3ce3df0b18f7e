namespace SecuritySpecs.Tool.Bench;

/// <summary>What the scenarios of a kind have cost, in all the runs that were measured.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Side">Of which commit; empty for this one.</param>
/// <param name="Runs">The runs: what each has used, and its results.</param>
internal sealed record KindCost(Kind Kind, string Side, IReadOnlyList<(Usage Usage, Posture Posture)> Runs)
{
    // Who was inconclusive or left out has cost nothing to speak of.
    private readonly List<ScenarioResult> _judged = [.. Runs.SelectMany(r => r.Posture.Scenarios).Where(s => s.Status is ResultStatus.Passed or ResultStatus.Failed)];

    /// <summary>How many scenarios were judged, in all runs together.</summary>
    public int Scenarios => _judged.Count;

    /// <summary>The figures that the table shows, each with its name.</summary>
    public IReadOnlyList<(string Name, double Value)> Figures =>
    [
        ("median s", Percentile.Of(_judged.Select(s => s.DurationMs / 1000), 0.5)), ("p95 s", Percentile.Of(_judged.Select(s => s.DurationMs / 1000), 0.95)),
        ("CPU s", Each(u => u.CpuSeconds)), ("pods", Each(u => u.Pods)), ("processes", Each(u => u.Processes)),
        ("requests", _judged.Sum(s => s.Steps.Sum(t => t.Evidence.Count(e => e.StatusCode is not null))) / (double)Scenarios),
    ];

    /// <summary>The figures above the kind's budget, a sentence each.</summary>
    public IReadOnlyList<string> OverBudget =>
    [
        .. Figures.Zip([Kind.Budget.Median, Kind.Budget.P95, Kind.Budget.Cpu]).Where(f => f.First.Value > f.Second)
            .Select(f => string.Create(CultureInfo.InvariantCulture, $"{Kind.Name}: {f.First.Name} a scenario is {f.First.Value:0.00}, above its budget of {f.Second:0.00}")),
    ];

    /// <summary>The head of a table of costs.</summary>
    public static string Head => string.Create(CultureInfo.InvariantCulture,
        $"{"A scenario of this kind",-34} {"scenarios",9} {"median s",9} {"p95 s",9} {"CPU s",9} {"pods",9} {"processes",9} {"requests",9}");

    /// <summary>A line of the table.</summary>
    public string Line => string.Create(CultureInfo.InvariantCulture,
        $"{(Side.Length == 0 ? Kind.Name : $"  at {Side}"),-34} {Scenarios,9} {string.Join(' ', Figures.Select(f => Text(f.Value)))}");

    /// <summary>The line of what this costs in parts of what another commit costs.</summary>
    public string RatioTo(KindCost other) => $"{"  ratio",-34} {"",9} {string.Join(' ', Figures.Zip(other.Figures).Select(f => Text(f.First.Value / f.Second.Value)))}";

    private double Each(Func<Usage, double> figure) => Runs.Sum(r => figure(r.Usage)) / Scenarios;

    private static string Text(double value) => value.ToString("0.00", CultureInfo.InvariantCulture).PadLeft(9);
}
