using Json.Schema;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

/// <summary>What a run writes to posture.json is what posture.schema.json promises to programs that read it. JsonSchema.Net is the judge.</summary>
[TestFixture]
public sealed class PostureValidationTests
{
    private static readonly string Root = RunOptions.FindRoot();
    private static readonly string SchemaText = File.ReadAllText(Path.Combine(Root, "support", "Reports", "posture.schema.json"));
    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaText);
    private static readonly EvaluationOptions Strictly = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private static readonly FeatureIndex Features = FeatureIndex.Read(Root);
    private static readonly RunInfo SoundRun = new("abc123", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(9), 21_500, 48_000.5, null, null, false);

    private static readonly ClusterInfo K3s = new("k3s", "rancher/k3s:v1.30.0-k3s1", "v1.30.0+k3s1", 5, [new("gpu", true, "8 allocatable"), new("dra", false, "no such API")]);

    private static readonly FleetInfo Fleet = new(32, ["a100-1"], ["a100-2", "h100-1"]);

    private static IEnumerable<TestCaseData> Postures() =>
    [
        Case("Every scenario passed", Build(SoundRun, K3s, Fleet, _ => ResultStatus.Passed)),
        Case("Scenarios that passed, failed, were inconclusive, skipped or not provided", Mixed()),
        Case("A run with everything that a posture can hold", SamplePosture.Of(most: 10)),
        Case("A filtered run of which nothing ran", new PostureBuilder(Catalogue.Read(Root), Features, filtered: true).Build(SoundRun with { Selection = "--name quota" }, K3s, Fleet, [])),
        Case("A run that was interrupted", Build(SoundRun with { Interrupted = true }, K3s, Fleet, i => i % 3 == 0 ? ResultStatus.Passed : null)),
        Case("No cluster could be had", Build(SoundRun with { ClusterReadyMs = null, FleetReadyMs = null, Error = "no container engine answers" }, null, null, _ => null)),
        Case("The fleet did not come up", Build(SoundRun with { FleetReadyMs = null, Error = "only 7 of 8 GPUs" }, K3s, null, _ => null)),
    ];

    [Test]
    public void The_schema_is_one() => Errors(MetaSchemas.Draft202012, JsonNode.Parse(SchemaText)!).Should().BeEmpty();

    [TestCaseSource(nameof(Postures))]
    public void What_a_run_writes_is_what_the_schema_promises(Posture posture) => Errors(Schema, Json(posture)).Should().BeEmpty();

    [Test]
    public void The_mixed_run_has_every_kind_of_result()
    {
        var posture = Mixed();

        posture.Scenarios.Select(s => s.Status).Should().Contain(Enum.GetValues<ResultStatus>());
        posture.Controls.Select(c => c.Status).Should().Contain(ControlStatus.Failed);
        posture.Scenarios.SelectMany(s => s.Steps).SelectMany(s => s.Evidence).Select(e => e.StatusCode).Should().Contain([403, null]);
    }

    // Where (a JSON pointer), what is put there (null: it is taken away), and what the complaint says.
    [TestCase("/totals", null, "totals")]
    [TestCase("/run/error", null, "error")]
    [TestCase("/cluster/capabilities/0/how", null, "how")]
    [TestCase("/scenarios/0/status", null, "status")]
    [TestCase("/scenarios/0/steps/0/evidence/0/reason", null, "reason")]
    [TestCase("/color", "\"red\"", "")]
    [TestCase("/run/color", "\"red\"", "")]
    [TestCase("/controls/0/color", "\"red\"", "")]
    [TestCase("/scenarios/0/steps/0/evidence/0/token", "\"secret\"", "")]
    [TestCase("/scenarios/0/status", "\"green\"", "enum")]
    [TestCase("/controls/0/status", "2", "enum")]
    [TestCase("/controls/0/outcomes/passed", "\"2\"", "integer")]
    [TestCase("/controls/0/leftOut", null, "leftOut")]
    [TestCase("/leftOut", null, "leftOut")]
    [TestCase("/run/selection", null, "selection")]
    [TestCase("/run/interrupted", "null", "boolean")]
    [TestCase("/controls/0/frameworks/CIS", "\"5.1.1\"", "array")]
    [TestCase("/cluster/nodes", "null", "integer")]
    [TestCase("/run/startedAt", "\"yesterday\"", "date-time")]
    [TestCase("/scenarios", "{}", "array")]
    public void Anything_else_is_refused(string where, string? value, string hint)
    {
        var json = Json(Mixed());
        Change(json, where, value);

        Errors(Schema, json).Should().NotBeEmpty().And.Contain(e => e.Contains(hint, StringComparison.Ordinal));
    }

    private static TestCaseData Case(string name, Posture posture) => new TestCaseData(posture).SetName(name);

    private static Posture Mixed() => Build(SoundRun, K3s, Fleet, i => (ResultStatus)(i % Enum.GetValues<ResultStatus>().Length));

    // Of the features as they are, with results as a run records them.
    private static Posture Build(RunInfo run, ClusterInfo? cluster, FleetInfo? fleet, Func<int, ResultStatus?> statusOf)
    {
        var builder = new PostureBuilder(Catalogue.Read(Root), Features);
        foreach (var (i, place) in Features.All.Index())
        {
            if (statusOf(i) is { } status)
                builder.Add(Record(place, status));
        }

        return builder.Build(run, cluster, fleet, ["gpu", "dra"]);
    }

    private static ScenarioResult Record(ScenarioPlace place, ResultStatus status)
    {
        var recorder = new ScenarioRecorder(new Redactor());
        recorder.BeginStep();
        recorder.Record(new("tenant \"blue\"", "GET", "/api/v1/secrets", 403, "Forbidden", "secrets is forbidden", null, DateTimeOffset.UtcNow, TimeSpan.FromMilliseconds(3.25)));
        recorder.Record(new("platform admin", "GET", "/version", 200, null, null, null, DateTimeOffset.UtcNow, TimeSpan.Zero));
        recorder.Note("Prometheus", "up is 1");
        recorder.EndStep("Given", "tenant \"blue\"", status);
        return recorder.Result(place, place.Tags, status, status == ResultStatus.Passed ? null : "why");
    }

    private static void Change(JsonNode json, string where, string? value)
    {
        var path = where[1..].Split('/');
        var parent = path[..^1].Aggregate(json, (node, key) => (node is JsonArray list ? list[int.Parse(key, null)] : node[key])!).AsObject();
        if (value is not null)
            parent[path[^1]] = JsonNode.Parse(value);
        else
            parent.Remove(path[^1]).Should().BeTrue("the test must change something");
    }

    private static JsonNode Json(Posture posture) => JsonNode.Parse(posture.ToJson())!;

    private static List<string> Errors(JsonSchema schema, JsonNode json)
    {
        var results = schema.Evaluate(JsonSerializer.SerializeToElement(json), Strictly);
        // A valid document has errors too: of alternatives that it does not take.
        return results.IsValid ? []
            : [.. results.Details!.SelectMany(d => (d.Errors ?? new Dictionary<string, string>()).Select(e => $"{d.InstanceLocation}: {e.Key}: {e.Value}"))];
    }
}
