namespace SecuritySpecs.Steps.Shared;

/// <summary>Who is on the platform.</summary>
[Binding]
public sealed class TenantSteps(ScenarioPlatform scenario)
{
    [Given("tenant {string}")]
    public Task GivenATenant(string name) => scenario.Tenants.AddAsync(name);

    [When("a new tenant {string} joins the platform without a quota")]
    public Task WhenANewTenant(string name) => scenario.Tenants.AddAsync(name);

    [Given("tenants {string} and {string}")]
    public Task GivenTenants(string one, string other) => Task.WhenAll(scenario.Tenants.AddAsync(one), scenario.Tenants.AddAsync(other));
}
