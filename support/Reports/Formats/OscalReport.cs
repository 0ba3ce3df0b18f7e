namespace SecuritySpecs.Reports.Formats;

/// <summary>OSCAL assessment results (NIST): a finding a control, an observation a scenario. Only a proven control is satisfied.</summary>
public static class OscalReport
{
    private const string Version = "1.2.2";
    private const string Namespace = "urn:security-specs";

    /// <summary>The document.</summary>
    public static string Render(Posture posture)
    {
        var (scenarios, run) = (JudgedScenario.Of(posture), posture.Run.Id);
        var result = new JsonObject
        {
            ["uuid"] = JsonText.Uuid($"{run} result"),
            ["title"] = $"SecuritySpecs, run {run}",
            ["description"] = $"Kubernetes {posture.Cluster?.Version ?? "none"}. Controls: {Wording.Controls(posture)}. Scenarios: {Wording.Scenarios(posture)}. {Wording.Incomplete(posture)}".TrimEnd(),
            ["start"] = JsonText.Time(posture.Run.StartedAt),
            ["end"] = JsonText.Time(posture.Run.EndedAt),
            ["reviewed-controls"] = new JsonObject { ["control-selections"] = new JsonArray(Selection(posture)) },
        };
        if (scenarios.Count > 0)
            result["observations"] = new JsonArray([.. scenarios.Select((s, n) => Observation(run, s, n, posture.Run.EndedAt))]);
        if (posture.Controls.Count > 0)
            result["findings"] = new JsonArray([.. posture.Controls.Select(c => Finding(run, c, scenarios))]);
        if (posture.Run.Error is { } error)
            result["remarks"] = error;
        return JsonText.Of(new JsonObject
        {
            ["assessment-results"] = new JsonObject
            {
                ["uuid"] = JsonText.Uuid(run),
                ["metadata"] = new JsonObject
                {
                    ["title"] = "Security posture of a shared GPU platform", ["last-modified"] = JsonText.Time(posture.Run.EndedAt), ["version"] = run, ["oscal-version"] = Version,
                    ["remarks"] = $"Not claimed: {string.Join("; ", posture.NonClaims)}.",
                },
                ["import-ap"] = new JsonObject { ["href"] = "features/catalogue.yaml", ["remarks"] = "The features are the plan; this file lists their controls." },
                ["results"] = new JsonArray(result),
            },
        });
    }

    private static JsonObject Selection(Posture posture) => posture.Controls.Count == 0 ? new() { ["description"] = "none" }
        : new() { ["include-controls"] = new JsonArray([.. posture.Controls.Select(c => new JsonObject { ["control-id"] = c.Id })]) };

    private static JsonObject Observation(string run, JudgedScenario scenario, int number, DateTimeOffset collected)
    {
        var observation = new JsonObject
        {
            ["uuid"] = Uuid(run, number), ["title"] = scenario.Result.Name, ["description"] = $"{scenario.Result.Feature}:{scenario.Result.Line.ToString(CultureInfo.InvariantCulture)}",
            ["props"] = new JsonArray(Property("verdict", scenario.Word)), ["methods"] = new JsonArray("TEST"), ["collected"] = JsonText.Time(collected),
        };
        if (scenario.Why is { } why)
            observation["remarks"] = why;
        return observation;
    }

    private static JsonObject Finding(string run, ControlResult control, IReadOnlyList<JudgedScenario> scenarios)
    {
        var related = scenarios.Select((s, n) => (s.Control, n)).Where(s => s.Control?.Id == control.Id).Select(s => new JsonObject { ["observation-uuid"] = Uuid(run, s.n) }).ToList();
        var (state, reason) = control.Status switch
        {
            ControlStatus.Proven => ("satisfied", "pass"),
            ControlStatus.Failed => ("not-satisfied", "fail"),
            _ => ("not-satisfied", "other"),
        };
        var word = Wording.Of(control.Status).ToLowerInvariant();
        var finding = new JsonObject
        {
            ["uuid"] = JsonText.Uuid($"{run} {control.Id}"), ["title"] = control.Title, ["description"] = $"{word}: {Wording.Counts(control)}",
            ["props"] = new JsonArray([Property("status", word), .. control.Frameworks.SelectMany(f => f.Value).Select(id => Property("framework-id", id))]),
            ["target"] = new JsonObject { ["type"] = "objective-id", ["target-id"] = control.Id, ["status"] = new JsonObject { ["state"] = state, ["reason"] = reason } },
        };
        if (related.Count > 0)
            finding["related-observations"] = new JsonArray([.. related]);
        return finding;
    }

    private static JsonObject Property(string name, string value) => new() { ["name"] = name, ["ns"] = Namespace, ["value"] = value };

    private static string Uuid(string run, int number) => JsonText.Uuid($"{run} scenario {number.ToString(CultureInfo.InvariantCulture)}");
}
