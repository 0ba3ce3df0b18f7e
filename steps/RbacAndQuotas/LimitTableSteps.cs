using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>All limits of a tenant, not only those that a scenario fills.</summary>
[Binding]
public sealed class LimitTableSteps(ScenarioPlatform scenario, LimitTable limits)
{
    [Then("the limits of tenant {string} are exactly:")]
    public async Task ThenExactly(string tenant, DataTable table) => (await limits.ReadAsync(scenario[tenant])).Select(l => l.ToString())
        .ShouldBeExactly(table.Rows.Select(r => new LimitRow(r["object"], r["limit"], r["amount"]).ToString()), $"Tenant \"{tenant}\" should have the limits of the table and no others");
}
