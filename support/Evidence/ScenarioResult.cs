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
public sealed record ScenarioResult(
    string Feature, string Name, int Line, IReadOnlyList<string> Tags, ResultStatus Status, double DurationMs, string? Error,
    IReadOnlyList<StepResult> Steps);

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
public sealed record EvidenceEntry(
    string Actor, string Method, string Path, int? StatusCode, string? Reason, string? Message, DateTimeOffset At, double DurationMs);

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
