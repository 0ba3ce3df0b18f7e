using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>What a mutation run says about a mistake.</summary>
public enum MutantVerdict
{
    /// <summary>Nobody has judged it yet.</summary>
    Pending,

    /// <summary>A scenario of a control that the file belongs to failed, because something was not as it says.</summary>
    Killed,

    /// <summary>Scenarios failed, but only because a step could not be carried out: nobody was told what is wrong.</summary>
    KilledByError,

    /// <summary>Only scenarios of other controls failed.</summary>
    Noisy,

    /// <summary>Every scenario passed: the mistake goes unnoticed. Of an edit that must survive this is as it should be.</summary>
    Survived,

    /// <summary>It is no mistake, as an oracle or a person has found.</summary>
    Equivalent,

    /// <summary>The API server takes the file for malformed, and so it is noticed without us.</summary>
    Invalid,

    /// <summary>A run with it did not end in time.</summary>
    TimedOut,

    /// <summary>The cluster lacks what the scenarios need, so none was carried out.</summary>
    Inconclusive,
}

/// <summary>A scenario that ran while a mistake was in force.</summary>
/// <param name="Scenario">Feature file and title.</param>
/// <param name="Control">The control that it proves.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Failure">Of what kind its failure is; null where it did not fail.</param>
/// <param name="Error">Why it did not pass; null where it did.</param>
/// <param name="DurationMs">Wall time in milliseconds.</param>
public sealed record MutantTrial(string Scenario, string Control, ResultStatus Status, FailureKind? Failure, string? Error, double DurationMs);

/// <summary>A mistake in a file, and what came of it.</summary>
/// <param name="Id">The mutant's id.</param>
/// <param name="File">Relative to fleet-fixtures.</param>
/// <param name="Operator">Its operator.</param>
/// <param name="Diff">What it changes.</param>
/// <param name="MustSurvive">Whether it means the same as the file, so that no scenario may fail.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Why">Why it is equivalent, or what could not be found out; null where the trials say it.</param>
/// <param name="Trials">The scenarios that ran with it.</param>
/// <param name="Controls">The controls that the file belongs to; null where an earlier version wrote it.</param>
public sealed record MutantResult(
    string Id, string File, string Operator, string Diff, bool MustSurvive, MutantVerdict Verdict, string? Why, IReadOnlyList<MutantTrial> Trials,
    IReadOnlyList<string>? Controls = null)
{
    /// <summary>Whether it shows that something is wrong with the specification: a mistake that nobody is told of, or a false alarm.</summary>
    public bool IsProblem() => MustSurvive ? Verdict is not (MutantVerdict.Survived or MutantVerdict.Inconclusive or MutantVerdict.Pending)
        : Verdict is MutantVerdict.Survived or MutantVerdict.KilledByError or MutantVerdict.Noisy or MutantVerdict.TimedOut;
}

/// <summary>How many mistakes in the files of a control its scenarios have found.</summary>
/// <param name="Control">The control; of a file without one, the file.</param>
/// <param name="Killed">Those that they have found.</param>
/// <param name="Judged">Those that are mistakes and were tried: killed, survived, noisy, killed by error only, timed out.</param>
public sealed record MutationScore(string Control, int Killed, int Judged)
{
    /// <summary>The scores, the lowest first. A mistake in a file of several controls counts for each.</summary>
    public static IReadOnlyList<MutationScore> Of(IEnumerable<MutantResult> mutants) =>
        [.. mutants.Where(m => !m.MustSurvive && (m.Verdict == MutantVerdict.Killed || m.IsProblem()))
            .SelectMany(m => (m.Controls is { Count: > 0 } controls ? controls : [m.File]).Select(c => (Control: c, Killed: m.Verdict == MutantVerdict.Killed)))
            .GroupBy(m => m.Control).Select(c => new MutationScore(c.Key, c.Count(m => m.Killed), c.Count()))
            .OrderBy(s => (double)s.Killed / s.Judged).ThenBy(s => s.Control, StringComparer.Ordinal)];
}
