using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>What console and page say in the same words.</summary>
public static class Wording
{
    /// <summary>Of a control that a platform does not have, and of the scenarios that apply it.</summary>
    public const string NotProvided = "not provided";

    /// <summary>The verdict on a control.</summary>
    public static string Of(ControlStatus status) => status switch
    {
        ControlStatus.Failed => "FAILED",
        ControlStatus.NotProvided => NotProvided,
        _ => status.ToString().ToLowerInvariant(),
    };

    /// <summary>How a scenario or a step ended.</summary>
    public static string Of(ResultStatus status) => status == ResultStatus.NotProvided ? NotProvided : status.ToString().ToLowerInvariant();

    /// <summary>What came of a mutant.</summary>
    public static string Of(MutantVerdict verdict) => verdict switch
    {
        MutantVerdict.Survived => "survived",
        MutantVerdict.KilledByError => "killed by error only",
        MutantVerdict.TimedOut => "timed out",
        _ => verdict.ToString().ToLowerInvariant(),
    };

    /// <summary>How the scenarios of a control ended, for example <c>4 of 23 scenarios failed, 19 passed</c>.</summary>
    public static string Counts(ControlResult control)
    {
        var counts = Parts(control.Outcomes, control.LeftOut).Where(p => p.Count > 0).ToList();
        var (first, word) = counts[0];
        return string.Join(", ", counts.Skip(1).Select(Text).Prepend(Invariant($"{first} of {control.Scenarios} scenarios {word}")));
    }

    /// <summary>How many controls have which verdict, for example <c>1 FAILED, 12 proven</c>.</summary>
    public static string Controls(Posture posture)
    {
        var verdicts = ((ControlStatus[])[ControlStatus.Failed, ControlStatus.Proven, ControlStatus.Simulated, ControlStatus.Inconclusive, ControlStatus.NotProvided, ControlStatus.Partial])
            .Select(s => (Count: posture.Controls.Count(c => c.Status == s), Word: Of(s))).Where(v => v.Count > 0);
        return string.Join(", ", verdicts.Select(Text).DefaultIfEmpty("none judged"));
    }

    /// <summary>How many scenarios ended in which way; failed and passed ones are told in any case.</summary>
    public static string Scenarios(Posture posture) =>
        string.Join(", ", Parts(posture.Totals, posture.LeftOut.Count).Where(p => p.Count > 0 || p.Word is "failed" or "passed").Select(Text));

    /// <summary>That the results are those of some scenarios only; null where they are of all.</summary>
    public static string? Incomplete(Posture posture)
    {
        if (posture.Run is { Selection: null, Interrupted: false } && posture.LeftOut.Count == 0)
            return null;
        var all = posture.Scenarios.Count + posture.LeftOut.Count;
        var why = posture.Run switch
        {
            { Interrupted: true, Selection: { } selection } => $"the run of {selection} was interrupted",
            { Interrupted: true } => "the run was interrupted",
            { Selection: { } selection } => $"only {selection} was asked for",
            _ => "the others were not run",
        };
        return Invariant($"Partial report: {why}. It has {posture.Scenarios.Count} of {all} scenarios; {posture.LeftOut.Count} are left out.");
    }

    /// <summary>The command that runs a scenario again.</summary>
    public static string Again(Posture posture, ScenarioResult scenario) =>
        $"support/specs run {scenario.Feature}:{scenario.Line.ToString(CultureInfo.InvariantCulture)}{(posture.Cluster?.Source == "kubeconfig" ? " --cluster KUBECONFIG" : "")}{(posture.Run.Controls is null ? "" : " --controls DIR")}";

    private static IEnumerable<(int Count, string Word)> Parts(Totals totals, int leftOut) =>
        [(totals.Failed, "failed"), (totals.Passed, "passed"), (totals.Inconclusive, "inconclusive"), (totals.NotProvided, NotProvided), (totals.Skipped, "skipped"), (leftOut, "left out")];

    private static string Text((int Count, string Word) part) => Invariant($"{part.Count} {part.Word}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
