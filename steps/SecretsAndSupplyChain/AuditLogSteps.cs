using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>The events in the API server's audit log, and what its policy lets into it.</summary>
[Binding]
public sealed class AuditLogSteps(ScenarioPlatform scenario, Actors actors, AuditLogDriver log)
{
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
}
