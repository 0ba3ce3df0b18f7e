namespace SecuritySpecs.Steps.Shared;

/// <summary>What tenants have in their namespaces.</summary>
[Binding]
public sealed class TenantObjectsSteps(ScenarioPlatform scenario, ScenarioState state, TenantObjectsDriver objects)
{
    [StepArgumentTransformation("(" + TenantObjectsDriver.Names + ")", Name = "object")]
    public static string ToObject(string name) => name;

    [Given("tenant {string} has a {object}")]
    public async Task GivenAnObject(string tenant, string name)
    {
        if (name == TenantObjectsDriver.Secret)
            state.SecretValues[tenant] = await objects.KeepSecretAsync(tenant);
        else
            await objects.AddAsync(tenant, name);
    }

    [Given("the service of tenant {string} leads to its server")]
    public Task GivenTheServiceLeads(string tenant) => objects.AwaitServiceAsync(tenant);

    [Then("the environment of the client of tenant {string} names the service of tenant {string} and not that of tenant {string}")]
    public async Task ThenNames(string client, string own, string other)
    {
        (await objects.ToldOfAsync(scenario[client], scenario[own])).Should().NotBeEmpty("a pod is told of its own namespace's services");
        (await objects.ToldOfAsync(scenario[client], scenario[other])).Should().BeEmpty("it is told of no other's");
    }
}
