using Reqnroll;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>What tenants keep, offer and run beside secrets, pods and servers.</summary>
[Binding]
public sealed class BelongingsSteps(BelongingsDriver belongings)
{
    [Given("tenant {string} keeps a config map")]
    public Task GivenAConfigMap(string tenant) => belongings.KeepConfigMapAsync(tenant);

    [Given("tenant {string} keeps a volume claim")]
    public Task GivenAVolumeClaim(string tenant) => belongings.KeepVolumeClaimAsync(tenant);

    [Given("tenant {string} offers a service")]
    public Task GivenAService(string tenant) => belongings.OfferServiceAsync(tenant);

    [Given("the service of tenant {string} leads to its server")]
    public Task GivenTheServiceLeads(string tenant) => belongings.AwaitServiceAsync(tenant);

    [Given("tenant {string} has a server")]
    public Task GivenAServer(string tenant) => belongings.AddServerAsync(tenant);

    [Given("tenant {string} has a pod that waits for a node")]
    public Task GivenAWaitingPod(string tenant) => belongings.AddPodWithEventAsync(tenant);

    [Given("tenant {string} runs a training job")]
    public Task GivenAJob(string tenant) => belongings.RunJobAsync(tenant);
}
