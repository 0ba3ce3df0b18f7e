using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>What has changed from one posture to another.</summary>
/// <param name="Regressions">What was better before: one line each, with both verdicts.</param>
/// <param name="Improvements">What is better now.</param>
/// <param name="Notes">What else is different: other words for the same, new scenarios, another version.</param>
public sealed record PostureDiff(IReadOnlyList<string> Regressions, IReadOnlyList<string> Improvements, IReadOnlyList<string> Notes)
{
    private const string Absent = "absent";

    /// <summary>Compares two postures. A control or a scenario that was proven, or passed, and now is not or is absent is a regression.</summary>
    public static PostureDiff Of(Posture before, Posture after)
    {
        var (worse, better, notes) = (new List<string>(), new List<string>(), new List<string>());
        if (before.Cluster?.Version != after.Cluster?.Version)
            notes.Add($"Kubernetes {before.Cluster?.Version ?? "none"} -> {after.Cluster?.Version ?? "none"}");
        foreach (var (id, one, other) in Pairs(before.Controls.ToDictionary(c => c.Id), after.Controls.ToDictionary(c => c.Id)))
            Add($"control {id}", one is null ? Absent : Wording.Of(one.Status), other is null ? Absent : Wording.Of(other.Status), Rank(one), Rank(other));
        foreach (var (key, one, other) in Pairs(Scenarios(before), Scenarios(after)))
            Add(key, Word(one), Word(other), Rank(one), Rank(other));
        return new(worse, better, notes);

        void Add(string what, string was, string @is, int rank, int now)
        {
            if (was != @is)
                (now < rank ? worse : now > rank && was != Absent ? better : notes).Add($"{what}: {was} -> {@is}");
        }
    }

    // A failure is worse than not to know; what is new was not worse before.
    private static int Rank(ControlResult? control) => control?.Status switch
    {
        ControlStatus.Proven => 4,
        ControlStatus.Simulated => 3,
        ControlStatus.Failed => 0,
        null => 1,
        _ => 2,
    };

    private static int Rank(ScenarioResult? scenario) => scenario?.Status switch
    {
        ResultStatus.Passed => 3,
        ResultStatus.Failed => 0,
        null => 1,
        _ => 2,
    };

    private static string Word(ScenarioResult? scenario) => scenario is null ? Absent : Wording.Of(scenario.Status);

    // The rows of an outline may have one title: then they are told apart by their order.
    private static Dictionary<string, ScenarioResult> Scenarios(Posture posture) => posture.Scenarios.GroupBy(s => $"{s.Feature}: {s.Name}")
        .SelectMany(g => g.OrderBy(s => s.Line).Select((s, n) => (Key: n == 0 ? g.Key : FormattableString.Invariant($"{g.Key} ({n + 1})"), s))).ToDictionary(s => s.Key, s => s.s);

    private static IEnumerable<(string Key, T? Before, T? After)> Pairs<T>(Dictionary<string, T> before, Dictionary<string, T> after)
        where T : class =>
        before.Keys.Union(after.Keys).Order(StringComparer.Ordinal).Select(k => (k, before.GetValueOrDefault(k), after.GetValueOrDefault(k)));
}
