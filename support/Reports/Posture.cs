using System.Text.Json.Serialization;
using SecuritySpecs.Cluster;
using SecuritySpecs.Evidence;
using SecuritySpecs.Fleet;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Reports;

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

    /// <summary>None failed, but the controls under test lack a file that some apply.</summary>
    NotProvided,
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
/// <param name="Mutants">The mistakes that <c>specs mutate</c> has made, and what came of each; null in any other run.</param>
/// <param name="Frameworks">What is not covered of the frameworks, and why; null where nobody looked.</param>
/// <param name="Lesson">The lesson's topics; null where nobody looked.</param>
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
    IReadOnlyList<string> NonClaims,
    IReadOnlyList<MutantResult>? Mutants = null,
    IReadOnlyList<FrameworkTable>? Frameworks = null,
    IReadOnlyList<LessonTopic>? Lesson = null)
{
    /// <summary>The version of the JSON form that this code writes.</summary>
    public const int CurrentSchema = 3;

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

    /// <summary>Reads the JSON form bit by bit: that of a long run is larger than all that is made of it.</summary>
    /// <exception cref="JsonException">The text is no posture.</exception>
    public static Posture FromJson(Stream json) => JsonSerializer.Deserialize<Posture>(json, JsonOptions)!;
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
/// <param name="Controls">The folder whose controls were judged; null for those of fleet-fixtures.</param>
public sealed record RunInfo(
    string Id, DateTimeOffset StartedAt, DateTimeOffset EndedAt, double? ClusterReadyMs, double? FleetReadyMs, string? Error, string? Selection, bool Interrupted, string? Controls = null);

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
/// <param name="Impact">What happens where the control is missing, in one sentence.</param>
/// <param name="Shown">How many scenarios show that it allows, denies, is exposed by a mistake and closed again; null where nobody looked.</param>
public sealed record ControlResult(
    string Id, string Title, string Section, ControlStatus Status, int Scenarios, Totals Outcomes, int LeftOut,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Frameworks, string? Simulated = null, string? Impact = null,
    IReadOnlyList<ControlProof>? Shown = null);

/// <summary>A kind of proof of a control.</summary>
/// <param name="Kind">What is shown.</param>
/// <param name="Scenarios">How many scenarios show it and have passed.</param>
/// <param name="Why">Why none can show it; null where some can.</param>
public sealed record ControlProof(Shown Kind, int Scenarios, string? Why);

/// <summary>A scenario, or an example of an outline, that was not run.</summary>
/// <param name="Feature">Path of the feature file in the repository.</param>
/// <param name="Name">The title, with an outline example's values filled in.</param>
/// <param name="Line">1-based line of the scenario, or of the example's row.</param>
public sealed record LeftOutScenario(string Feature, string Name, int Line);

/// <summary>Scenarios by outcome.</summary>
public sealed record Totals(int Passed, int Failed, int Inconclusive, int Skipped, int NotProvided = 0)
{
    /// <summary>Counts results.</summary>
    public static Totals Of(IReadOnlyCollection<ScenarioResult> scenarios)
    {
        int Count(ResultStatus status) => scenarios.Count(s => s.Status == status);
        return new(Count(ResultStatus.Passed), Count(ResultStatus.Failed), Count(ResultStatus.Inconclusive), Count(ResultStatus.Skipped), Count(ResultStatus.NotProvided));
    }
}

/// <summary>A capability that the caller demanded (<c>--require</c>).</summary>
public sealed record RequiredCapability(string Name, bool Present);
