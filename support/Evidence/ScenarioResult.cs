using System.Text.Json.Serialization;

namespace SecuritySpecs.Evidence;

/// <summary>How a scenario or a step ended. Inconclusive is never a pass.</summary>
public enum ResultStatus
{
    /// <summary>Everything held.</summary>
    Passed,

    /// <summary>Something did not hold, or could not be carried out.</summary>
    Failed,

    /// <summary>This cluster cannot show it; the error says what it lacks.</summary>
    Inconclusive,

    /// <summary>Not run (<c>@ignore</c>, or a step after a failed one).</summary>
    Skipped,

    /// <summary>Not judged: the controls under test lack a file that it applies.</summary>
    NotProvided,
}

/// <summary>One scenario, or one example of an outline.</summary>
/// <param name="Feature">Path of the feature file in the repository.</param>
/// <param name="Name">The title, with an outline example's values filled in.</param>
/// <param name="Line">1-based line of the scenario, or of the example's row.</param>
/// <param name="Tags">Its own and its feature's, without the <c>@</c>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="DurationMs">Wall time with preparation, in milliseconds.</param>
/// <param name="Error">Why it did not pass; null when it did.</param>
/// <param name="Steps">The steps that were reached.</param>
/// <param name="Failure">Of what kind the failure is; null where it did not fail.</param>
/// <param name="Manifests">The files of fleet-fixtures that it has loaded, relative to that folder.</param>
/// <param name="Mutant">The mistake that <c>specs mutate</c> had made in one of these files; null for none.</param>
public sealed record ScenarioResult(
    string Feature, string Name, int Line, IReadOnlyList<string> Tags, ResultStatus Status, double DurationMs, string? Error,
    IReadOnlyList<StepResult> Steps, FailureKind? Failure = null, IReadOnlyList<string>? Manifests = null, string? Mutant = null);

/// <summary>Why a scenario failed: because something is not as it says, or because that could not be found out.</summary>
public enum FailureKind
{
    /// <summary>What was seen is not what a step says.</summary>
    Assertion,

    /// <summary>What a Then step says did not come about in time.</summary>
    Deadline,

    /// <summary>A control that was just applied did not come into force.</summary>
    NotInForce,

    /// <summary>The API server took a manifest for malformed.</summary>
    Invalid,

    /// <summary>Anything else: a step could not be carried out.</summary>
    Error,
}

/// <summary>One step and its evidence.</summary>
/// <param name="Keyword">Given, When or Then.</param>
/// <param name="Text">The step's text.</param>
/// <param name="Status">How it ended.</param>
/// <param name="DurationMs">In milliseconds.</param>
/// <param name="Evidence">The requests made and what was answered.</param>
public sealed record StepResult(string Keyword, string Text, ResultStatus Status, double DurationMs, IReadOnlyList<EvidenceEntry> Evidence);

/// <summary>A request and its answer, or an observation in words; secrets taken out.</summary>
/// <param name="Actor">Who asked.</param>
/// <param name="Method">HTTP method; EXEC or PORT-FORWARD for streams, OBSERVE for an observation.</param>
/// <param name="Path">Path and query on the API server.</param>
/// <param name="StatusCode">HTTP status code; null for an observation.</param>
/// <param name="Reason">The Status object's reason.</param>
/// <param name="Message">The Status object's message, or the observation.</param>
/// <param name="At">When the request was sent.</param>
/// <param name="DurationMs">Until it was answered, in milliseconds.</param>
/// <param name="Grid">What was expected beside what was seen, where many things were tried at once.</param>
/// <param name="Bar">How much of something was used.</param>
/// <param name="Fleet">Who held which of the fleet's GPUs at that moment.</param>
public sealed record EvidenceEntry(
    string Actor, string Method, string Path, int? StatusCode, string? Reason, string? Message, DateTimeOffset At, double DurationMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceGrid? Grid = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceBar? Bar = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FleetNode>? Fleet = null);

/// <summary>Where a scenario stands.</summary>
/// <param name="Feature">Path of the feature file in the repository, with forward slashes.</param>
/// <param name="Name">The title, with an outline example's values filled in.</param>
/// <param name="Line">1-based line of the scenario, or of the example's row.</param>
/// <param name="Tags">Feature's and scenario's, without the <c>@</c>.</param>
public sealed record ScenarioPlace(string Feature, string Name, int Line, IReadOnlyList<string> Tags)
{
    /// <summary>File and line.</summary>
    public string Where => string.Create(CultureInfo.InvariantCulture, $"{Feature}:{Line}");

    /// <summary>The first line of the scenario, or of the example's outline: a tag's, if it has tags.</summary>
    public int FirstLine { get; init; } = Line;

    /// <summary>The last line of the scenario, or of the example's outline.</summary>
    public int LastLine { get; init; } = Line;
}
