using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>All limits of a tenant, not only those that a scenario fills.</summary>
[Binding]
public sealed class LimitTableSteps(ScenarioPlatform scenario, LimitTable limits)
{
    [Then("the limits of tenant {string} are exactly:")]
    public async Task ThenExactly(string tenant, DataTable table) => (await limits.ReadAsync(scenario[tenant]))
        .Should().BeEquivalentTo(table.Rows.Select(r => new LimitRow(r["object"], r["limit"], r["amount"])), "the tenant has these limits and no others");
}
