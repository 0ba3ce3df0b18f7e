namespace SecuritySpecs.Reports.Formats;

/// <summary>
/// SARIF 2.1.0. A result is a scenario that did not hold: GitHub makes an alert of every result, whatever its kind. What could not be judged
/// is a notification of the run, and the totals are properties.
/// </summary>
public static class SarifReport
{
    // Of GitHub ("SARIF support for code scanning"): more results are not shown.
    private const int MostResults = 5_000;
    private const int LongestMessage = 4_000;

    /// <summary>The document.</summary>
    public static string Render(Posture posture)
    {
        var scenarios = JudgedScenario.Of(posture);
        var rules = posture.Controls.Select((c, n) => (c.Id, n)).ToDictionary(c => c.Id, c => c.n);
        var failed = scenarios.Where(s => s.Verdict is ScenarioVerdict.Failed or ScenarioVerdict.Error);
        var others = scenarios.Where(s => s.Verdict is ScenarioVerdict.Simulated or ScenarioVerdict.Inconclusive or ScenarioVerdict.NotProvided or ScenarioVerdict.Skipped);
        var totals = posture.Totals;
        return Document([.. posture.Controls.Select(Rule)], [.. failed.Select(s => Result(s, rules))],
            new JsonObject
            {
                ["executionSuccessful"] = posture.Run.Error is null,
                ["startTimeUtc"] = JsonText.Time(posture.Run.StartedAt),
                ["endTimeUtc"] = JsonText.Time(posture.Run.EndedAt),
                ["toolExecutionNotifications"] = new JsonArray([.. Run(posture), .. others.Select(Notification)]),
            },
            new JsonObject { ["passed"] = totals.Passed, ["failed"] = totals.Failed, ["inconclusive"] = totals.Inconclusive, ["notProvided"] = totals.NotProvided, ["skipped"] = totals.Skipped });
    }

    /// <summary>A document of one run.</summary>
    internal static string Document(JsonNode[] rules, IReadOnlyCollection<JsonNode> results, JsonObject invocation, JsonObject properties, string category = "SecuritySpecs/") => JsonText.Of(new JsonObject
    {
        ["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        ["version"] = "2.1.0",
        ["runs"] = new JsonArray(new JsonObject
        {
            ["tool"] = new JsonObject { ["driver"] = new JsonObject { ["name"] = "SecuritySpecs", ["rules"] = new JsonArray(rules) } },
            ["automationDetails"] = new JsonObject { ["id"] = category },
            ["invocations"] = new JsonArray(invocation),
            ["results"] = new JsonArray([.. results.Take(MostResults)]),
            ["properties"] = properties,
        }),
    });

    /// <summary>A rule: a control.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="title">Its title.</param>
    /// <param name="impact">What happens where it is missing; null where nobody says so.</param>
    /// <param name="frameworks">Its ids in frameworks.</param>
    internal static JsonObject Rule(string id, string title, string? impact, IEnumerable<string> frameworks) => new()
    {
        ["id"] = id,
        ["shortDescription"] = Message(title),
        ["fullDescription"] = Message(impact is null ? title : $"Without it: {impact}"),
        ["properties"] = new JsonObject { ["security-severity"] = "8.0", ["tags"] = new JsonArray(["security", .. frameworks.Take(19).Select(i => (JsonNode)i)]) }, // GitHub takes 20
    };

    /// <summary>A text, no longer than is of use.</summary>
    internal static JsonObject Message(string text) => new() { ["text"] = text.Length > LongestMessage ? text[..LongestMessage] + " [...]" : text };

    private static JsonObject Rule(ControlResult control)
    {
        var rule = Rule(control.Id, control.Title, control.Impact, control.Frameworks.SelectMany(f => f.Value));
        rule["properties"]!["status"] = Wording.Of(control.Status).ToLowerInvariant();
        return rule;
    }

    private static JsonObject Result(JudgedScenario scenario, Dictionary<string, int> rules)
    {
        var result = new JsonObject
        {
            ["ruleId"] = scenario.Control?.Id ?? "unknown", ["level"] = "error", ["kind"] = "fail",
            ["message"] = Message($"{scenario.Result.Name}\n{scenario.Why}"),
            ["locations"] = new JsonArray(Location(scenario)),
            ["partialFingerprints"] = new JsonObject { ["scenario/v1"] = JsonText.Fingerprint(scenario.Key) },
        };
        if (scenario.Control is { } control)
            result["ruleIndex"] = rules[control.Id];
        return result;
    }

    private static IEnumerable<JsonNode> Run(Posture posture)
    {
        if (posture.Run.Error is { } error)
            yield return new JsonObject { ["level"] = "error", ["message"] = Message(error) };
        if (Wording.Incomplete(posture) is { } incomplete)
            yield return new JsonObject { ["level"] = "warning", ["message"] = Message(incomplete) };
    }

    private static JsonObject Notification(JudgedScenario scenario) => new()
    {
        ["level"] = "note", ["message"] = Message($"{scenario.Result.Name}\n{scenario.Why}"), ["locations"] = new JsonArray(Location(scenario)),
    };

    private static JsonObject Location(JudgedScenario scenario) => new()
    {
        ["physicalLocation"] = new JsonObject
        {
            ["artifactLocation"] = new JsonObject { ["uri"] = scenario.Result.Feature },
            ["region"] = new JsonObject { ["startLine"] = Math.Max(1, scenario.Result.Line) },
        },
    };
}
