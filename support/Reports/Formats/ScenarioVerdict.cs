using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Formats;

/// <summary>What a scenario says to other tools. Only <see cref="Passed"/> may look like a pass to them.</summary>
internal enum ScenarioVerdict
{
    /// <summary>It passed against the real enforcer.</summary>
    Passed,

    /// <summary>It passed, but a program of this project stands in for the enforcer.</summary>
    Simulated,

    /// <summary>Something did not hold.</summary>
    Failed,

    /// <summary>A step could not be carried out, so that nobody knows.</summary>
    Error,

    /// <summary>The cluster cannot show it.</summary>
    Inconclusive,

    /// <summary>It is ignored.</summary>
    Skipped,

    /// <summary>The controls under test lack a file that it applies.</summary>
    NotProvided,
}

/// <summary>A scenario with its verdict and its control.</summary>
/// <param name="Result">The scenario.</param>
/// <param name="Verdict">What it says.</param>
/// <param name="Control">The control that it proves; null where the posture has none of that id.</param>
internal sealed record JudgedScenario(ScenarioResult Result, ScenarioVerdict Verdict, ControlResult? Control)
{
    private const string ControlTag = "control:";

    /// <summary>Why it is no pass, with the verdict in front, for example <c>simulated: HAMi's scheduler</c>; null for a pass.</summary>
    public string? Why => Verdict switch
    {
        ScenarioVerdict.Passed => null,
        ScenarioVerdict.Simulated => $"simulated: {Control!.Simulated}",
        _ => $"{Word}: {Result.Error ?? "no reason was given"}",
    };

    /// <summary>The verdict as a word.</summary>
    public string Word => Verdict == ScenarioVerdict.NotProvided ? Wording.NotProvided : Verdict.ToString().ToLowerInvariant();

    /// <summary>The scenario's name and place: the same in every run.</summary>
    public string Key => $"{Result.Feature}#{Result.Name}";

    /// <summary>Every scenario of a posture that ran or is ignored.</summary>
    public static IReadOnlyList<JudgedScenario> Of(Posture posture)
    {
        var controls = posture.Controls.ToDictionary(c => c.Id);
        return [.. posture.Scenarios.Select(s =>
        {
            var id = s.Tags.FirstOrDefault(t => t.StartsWith(ControlTag, StringComparison.Ordinal))?[ControlTag.Length..];
            var control = id is null ? null : controls.GetValueOrDefault(id);
            return new JudgedScenario(s, VerdictOf(s, control), control);
        })];
    }

    private static ScenarioVerdict VerdictOf(ScenarioResult scenario, ControlResult? control) => scenario.Status switch
    {
        ResultStatus.Passed => control?.Simulated is null ? ScenarioVerdict.Passed : ScenarioVerdict.Simulated,
        ResultStatus.Failed => scenario.Failure == FailureKind.Error ? ScenarioVerdict.Error : ScenarioVerdict.Failed,
        ResultStatus.Inconclusive => ScenarioVerdict.Inconclusive,
        ResultStatus.NotProvided => ScenarioVerdict.NotProvided,
        _ => ScenarioVerdict.Skipped,
    };
}
