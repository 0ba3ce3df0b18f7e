using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>What is in the API server's audit log, and what is not.</summary>
[Binding]
public sealed class AuditLogSteps(ScenarioPlatform scenario, ScenarioState state, Actors actors, AuditLogDriver log)
{
    private const string Token = "the token in the answer";
    private const string Secret = "the (?:name|value) of the secret of tenant \"[^\"]+\"";
    private const string There = "is in";

    [StepArgumentTransformation("(" + Token + "|" + Secret + ")", Name = "trace")]
    public static string ToTrace(string words) => words;

    [StepArgumentTransformation("(" + There + "|is not in)", Name = "presence")]
    public static string ToPresence(string words) => words;

    [Then("these requests about tenant {string} leave events in the audit log:")]
    public async Task ThenEvents(string tenant, DataTable table)
    {
        foreach (var who in table.Rows.GroupBy(r => r["who"]))
        {
            var asked = who.Select(r => new AccessRow(r["request"], tenant, r["verdict"])).Distinct();
            (await actors.WrongAsync(new(who.Key), asked)).Should().BeEmpty("the events are about these verdicts");
        }

        var expected = new List<ExpectedEvent>();
        foreach (var row in table.Rows)
            expected.Add(new(await actors.UserAsync(new(row["who"])), row["verdict"] == "denied", row["verb"], row["resource"], row["level"]));
        await log.AwaitAsync(scenario[tenant], expected);
    }

    [Then("the audit policy{mistake} logs as follows:")]
    public void ThenLogs(ManifestEdit? mistake, DataTable table) =>
        table.Rows.SelectMany(r => r["verbs"].Split(", ").Select(verb => $"{verb} {r["resource"]}: {log.LevelOf(verb, r["resource"], mistake)}"))
            .ShouldBeExactly(table.Rows.SelectMany(r => r["verbs"].Split(", ").Select(verb => $"{verb} {r["resource"]}: {r["level"]}")),
                "The audit policy should log these requests at these levels");

    [Then("{trace} {presence} the audit log")]
    public async Task ThenPresence(string trace, string presence)
    {
        var found = await log.HoldsAsync(trace, TextsOf(trace));
        found.Should().Be(presence == There, "{0} should{1} be in the audit log", trace, presence == There ? "" : " not");
    }

    // A value is in base64 where the API carries it, and as it is elsewhere.
    private string[] TextsOf(string trace)
    {
        if (trace == Token)
            return [(string?)state.Attempt.Answer.Body?["status"]?["token"] ?? throw new InvalidOperationException("The latest answer holds no token.")];
        var tenant = trace.Split('"')[1];
        if (trace.StartsWith("the name", StringComparison.Ordinal))
            return [AuditLogDriver.SecretPath(scenario[tenant])];
        var value = state.SecretValues[tenant];
        return [value, Convert.ToBase64String(Encoding.UTF8.GetBytes(value))];
    }
}
