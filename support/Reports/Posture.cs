using System.Text.Json.Serialization;

namespace SecuritySpecs.Reports;

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

/// <summary>What a run says about a control.</summary>
public enum ControlStatus
{
    /// <summary>Every scenario of the control ran and passed, against the real enforcer.</summary>
    Proven,

    /// <summary>Every scenario of the control ran and passed, against an enforcer that a program of this project stands in for.</summary>
    Simulated,

    /// <summary>At least one scenario of the control failed.</summary>
    Failed,

    /// <summary>None failed, but this cluster cannot show all of them, or some are ignored: it says nothing yet.</summary>
    Inconclusive,

    /// <summary>None failed, but not all were run: the run was asked for others, or was interrupted.</summary>
    Partial,
}

/// <summary>The one result model: every report derives from it. Its JSON form is described by <c>posture.schema.json</c> beside this file.</summary>
/// <param name="SchemaVersion">The version of this form.</param>
/// <param name="Run">The run itself.</param>
/// <param name="Cluster">The cluster that was judged; null when none could be had.</param>
/// <param name="Fleet">The GPU fleet that took part; null when there was no cluster.</param>
/// <param name="Controls">The verdict on each control that has scenarios; in a filtered run on those of which one ran.</param>
/// <param name="Scenarios">Every scenario that ran, and those that are ignored.</param>
/// <param name="LeftOut">The scenarios that were not run, because the run was asked for others or was interrupted.</param>
/// <param name="Totals">Scenarios by outcome.</param>
/// <param name="Required">The capabilities that the caller demanded.</param>
/// <param name="NonClaims">What no run of this suite proves.</param>
public sealed record Posture(
    int SchemaVersion,
    RunInfo Run,
    ClusterInfo? Cluster,
    FleetInfo? Fleet,
    IReadOnlyList<ControlResult> Controls,
    IReadOnlyList<ScenarioResult> Scenarios,
    IReadOnlyList<LeftOutScenario> LeftOut,
    Totals Totals,
    IReadOnlyList<RequiredCapability> Required,
    IReadOnlyList<string> NonClaims)
{
    /// <summary>The version of the JSON form that this code writes.</summary>
    public const int CurrentSchema = 2;

    /// <summary>How the JSON form is written: camel case, enums as words.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The JSON form.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions) + "\n";

    /// <summary>Reads the JSON form.</summary>
    /// <exception cref="JsonException">The text is no posture.</exception>
    public static Posture FromJson(string json) => JsonSerializer.Deserialize<Posture>(json, JsonOptions)!;
}

/// <summary>The run itself.</summary>
/// <param name="Id">Marks everything that the run creates (label <c>security.specs/run</c>).</param>
/// <param name="StartedAt">When the test run began.</param>
/// <param name="EndedAt">When the results were written.</param>
/// <param name="ClusterReadyMs">From the start of the run to an answering cluster, in milliseconds.</param>
/// <param name="FleetReadyMs">From the start of the run to the whole fleet allocatable, in milliseconds.</param>
/// <param name="Error">
/// What makes the run an error: the environment, not a control, failed, something could not be found out, or a scenario has no or
/// more than one verdict. Null in a sound run.
/// </param>
/// <param name="Selection">Which scenarios the run was asked for, for example <c>--name quota</c>. Null where it was asked for all.</param>
/// <param name="Interrupted">Whether the run was ended before all of these had ended: then the results are partial.</param>
public sealed record RunInfo(
    string Id, DateTimeOffset StartedAt, DateTimeOffset EndedAt, double? ClusterReadyMs, double? FleetReadyMs, string? Error, string? Selection, bool Interrupted);

/// <summary>The cluster that was judged.</summary>
/// <param name="Source"><c>k3s</c> (a container of this run's), <c>kept</c> (an earlier run's container) or <c>kubeconfig</c>.</param>
/// <param name="Name">The image that was started, or the kubeconfig context.</param>
/// <param name="Version">The API server's <c>gitVersion</c>.</param>
/// <param name="Nodes">Number of nodes, API-only ones included.</param>
/// <param name="Capabilities">What the cluster can do, and how that was found out.</param>
public sealed record ClusterInfo(string Source, string Name, string Version, int Nodes, IReadOnlyList<CapabilityInfo> Capabilities);

/// <summary>Something that a cluster can or cannot do.</summary>
/// <param name="Name">As in <c>@needs:NAME</c> and <c>--require NAME</c>.</param>
/// <param name="Present">Whether this cluster has it.</param>
/// <param name="How">How it was detected, with what was seen.</param>
public sealed record CapabilityInfo(string Name, bool Present, string How);

/// <summary>The GPU fleet that took part.</summary>
/// <param name="Gpus">GPUs allocatable when the fleet was ready.</param>
/// <param name="RealNodes">Nodes with a kubelet whose GPUs a device plugin hands out.</param>
/// <param name="ApiOnlyNodes">Nodes that exist for the scheduler only.</param>
public sealed record FleetInfo(int Gpus, IReadOnlyList<string> RealNodes, IReadOnlyList<string> ApiOnlyNodes);

/// <summary>The verdict on one control.</summary>
/// <param name="Id">As in <c>@control:ID</c> and features/catalogue.yaml.</param>
/// <param name="Title">For people.</param>
/// <param name="Section">The lesson's section.</param>
/// <param name="Status">The verdict.</param>
/// <param name="Scenarios">How many scenarios the features hold for the control.</param>
/// <param name="Outcomes">How many of these ended in each way.</param>
/// <param name="LeftOut">How many of these were not run.</param>
/// <param name="Frameworks">Ids by framework, for example <c>"CIS Kubernetes Benchmark cis-1.12": ["5.1.1"]</c>.</param>
/// <param name="Simulated">The enforcer that a program of this project stands in for; null where it is the real one.</param>
public sealed record ControlResult(
    string Id, string Title, string Section, ControlStatus Status, int Scenarios, Totals Outcomes, int LeftOut,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Frameworks, string? Simulated = null);

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

/// <summary>A scenario, or an example of an outline, that was not run.</summary>
/// <param name="Feature">Path of the feature file in the repository.</param>
/// <param name="Name">The title, with an outline example's values filled in.</param>
/// <param name="Line">1-based line of the scenario, or of the example's row.</param>
public sealed record LeftOutScenario(string Feature, string Name, int Line);

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

/// <summary>Scenarios by outcome.</summary>
public sealed record Totals(int Passed, int Failed, int Inconclusive, int Skipped)
{
    /// <summary>Counts results.</summary>
    public static Totals Of(IReadOnlyCollection<ScenarioResult> scenarios)
    {
        int Count(ResultStatus status) => scenarios.Count(s => s.Status == status);
        return new(Count(ResultStatus.Passed), Count(ResultStatus.Failed), Count(ResultStatus.Inconclusive), Count(ResultStatus.Skipped));
    }
}

/// <summary>A capability that the caller demanded (<c>--require</c>).</summary>
public sealed record RequiredCapability(string Name, bool Present);

/// <summary>Where a scenario stands.</summary>
/// <param name="Feature">Path of the feature file in the repository, with forward slashes.</param>
/// <param name="Name">The title, with an outline example's values filled in.</param>
/// <param name="Line">1-based line of the scenario, or of the example's row.</param>
/// <param name="Tags">Feature's and scenario's, without the <c>@</c>.</param>
public sealed record ScenarioPlace(string Feature, string Name, int Line, IReadOnlyList<string> Tags)
{
    /// <summary>The first line of the scenario, or of the example's outline: a tag's, if it has tags.</summary>
    public int FirstLine { get; init; } = Line;

    /// <summary>The last line of the scenario, or of the example's outline.</summary>
    public int LastLine { get; init; } = Line;
}
