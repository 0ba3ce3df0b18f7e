namespace SecuritySpecs.Steps.Shared;

/// <summary>What tenants keep, offer and run beside secrets, pods and servers.</summary>
[Binding]
public sealed class TenantObjectsSteps(ScenarioPlatform scenario, TenantObjectsDriver objects)
{
    [Given("tenant {string} keeps a config map")]
    public Task GivenAConfigMap(string tenant) => objects.KeepConfigMapAsync(tenant);

    [Given("tenant {string} keeps a volume claim")]
    public Task GivenAVolumeClaim(string tenant) => objects.KeepVolumeClaimAsync(tenant);

    [Given("tenant {string} offers a service")]
    public Task GivenAService(string tenant) => objects.OfferServiceAsync(tenant);

    [Given("the service of tenant {string} leads to its server")]
    public Task GivenTheServiceLeads(string tenant) => objects.AwaitServiceAsync(tenant);

    [Given("tenant {string} has a server")]
    public Task GivenAServer(string tenant) => objects.AddServerAsync(tenant);

    [Given("tenant {string} has a pod that waits for a node")]
    public Task GivenAWaitingPod(string tenant) => objects.AddPodWithEventAsync(tenant);

    [Then("the environment of the client of tenant {string} names the service of tenant {string} and not that of tenant {string}")]
    public async Task ThenNames(string client, string own, string other)
    {
        (await objects.ToldOfAsync(scenario[client], scenario[own])).Should().NotBeEmpty("a pod is told of its own namespace's services");
        (await objects.ToldOfAsync(scenario[client], scenario[other])).Should().BeEmpty("it is told of no other's");
    }
}
