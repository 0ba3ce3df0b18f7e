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
        var failed = scenarios.Where(s => s.Verdict is ScenarioVerdict.Failed or ScenarioVerdict.Error).Take(MostResults);
        var others = scenarios.Where(s => s.Verdict is ScenarioVerdict.Simulated or ScenarioVerdict.Inconclusive or ScenarioVerdict.Skipped);
        var totals = posture.Totals;
        return JsonText.Of(new JsonObject
        {
            ["$schema"] = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject { ["driver"] = new JsonObject { ["name"] = "SecuritySpecs", ["rules"] = new JsonArray([.. posture.Controls.Select(Rule)]) } },
                ["automationDetails"] = new JsonObject { ["id"] = "SecuritySpecs/" },
                ["invocations"] = new JsonArray(new JsonObject
                {
                    ["executionSuccessful"] = posture.Run.Error is null,
                    ["startTimeUtc"] = JsonText.Time(posture.Run.StartedAt),
                    ["endTimeUtc"] = JsonText.Time(posture.Run.EndedAt),
                    ["toolExecutionNotifications"] = new JsonArray([.. Run(posture), .. others.Select(Notification)]),
                }),
                ["results"] = new JsonArray([.. failed.Select(s => Result(s, rules))]),
                ["properties"] = new JsonObject { ["passed"] = totals.Passed, ["failed"] = totals.Failed, ["inconclusive"] = totals.Inconclusive, ["skipped"] = totals.Skipped },
            }),
        });
    }

    private static JsonObject Rule(ControlResult control) => new()
    {
        ["id"] = control.Id,
        ["shortDescription"] = Message(control.Title),
        ["fullDescription"] = Message(control.Impact is { } impact ? $"Without it: {impact}" : control.Title),
        ["properties"] = new JsonObject
        {
            ["status"] = Wording.Of(control.Status).ToLowerInvariant(), ["security-severity"] = "8.0",
            ["tags"] = new JsonArray(["security", .. control.Frameworks.SelectMany(f => f.Value).Take(19).Select(id => (JsonNode)id)]), // GitHub takes 20
        },
    };

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

    private static JsonObject Message(string text) => new() { ["text"] = text.Length > LongestMessage ? text[..LongestMessage] + " [...]" : text };
}
