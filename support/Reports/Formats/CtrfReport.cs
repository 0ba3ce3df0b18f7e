namespace SecuritySpecs.Reports.Formats;

/// <summary>The Common Test Report Format, as its schema of 2025 has it. Only a pass is "passed"; our own word is in rawStatus.</summary>
public static class CtrfReport
{
    /// <summary>The document.</summary>
    public static string Render(Posture posture)
    {
        var scenarios = JudgedScenario.Of(posture);
        var tests = scenarios.Select(s => (Verdict: StatusOf(s.Verdict), Test: Test(s))).ToList();
        int Count(string status) => tests.Count(t => t.Verdict == status);
        return JsonText.Of(new JsonObject
        {
            ["reportFormat"] = "CTRF",
            ["specVersion"] = "0.0.0",
            ["timestamp"] = JsonText.Time(posture.Run.EndedAt),
            ["generatedBy"] = "SecuritySpecs",
            ["results"] = new JsonObject
            {
                ["tool"] = new JsonObject { ["name"] = "SecuritySpecs" },
                ["summary"] = new JsonObject
                {
                    ["tests"] = tests.Count, ["passed"] = Count("passed"), ["failed"] = Count("failed"), ["skipped"] = Count("skipped"), ["pending"] = 0, ["other"] = Count("other"),
                    ["start"] = posture.Run.StartedAt.ToUnixTimeMilliseconds(), ["stop"] = posture.Run.EndedAt.ToUnixTimeMilliseconds(),
                    ["extra"] = new JsonObject { ["incomplete"] = Wording.Incomplete(posture), ["error"] = posture.Run.Error },
                },
                ["tests"] = new JsonArray([.. tests.Select(t => t.Test)]),
                ["environment"] = new JsonObject { ["extra"] = new JsonObject { ["kubernetes"] = posture.Cluster?.Version } },
            },
        });
    }

    private static JsonObject Test(JudgedScenario scenario)
    {
        var result = scenario.Result;
        var test = new JsonObject
        {
            ["name"] = result.Name, ["status"] = StatusOf(scenario.Verdict), ["duration"] = (long)result.DurationMs, ["suite"] = new JsonArray([.. result.Feature.Split('/').Skip(1)]),
            ["rawStatus"] = scenario.Word, ["filePath"] = result.Feature, ["line"] = result.Line,
            ["tags"] = new JsonArray([.. result.Tags.Select(t => (JsonNode)t)]),
        };
        if (scenario.Why is { } why)
            test["message"] = why;
        return test;
    }

    private static string StatusOf(ScenarioVerdict verdict) => verdict switch
    {
        ScenarioVerdict.Passed => "passed",
        ScenarioVerdict.Failed or ScenarioVerdict.Error => "failed",
        ScenarioVerdict.Skipped or ScenarioVerdict.NotProvided => "skipped",
        _ => "other",
    };
}
