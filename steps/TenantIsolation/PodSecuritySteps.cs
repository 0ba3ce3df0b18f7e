using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Pod Security on the namespaces of tenants, and what it keeps from a node.</summary>
[Binding]
public sealed class PodSecuritySteps(ScenarioPlatform scenario, ScenarioState state, FalseGpuDriver falseGpus)
{
    [Then("the pod is still there")]
    public async Task ThenStillThere() => (await scenario.Admin.GetAsync(state.Pods[0].Path)).Code.Should().Be(200, "nothing removes a pod that was admitted");

    [Then("the node offers {int} GPU(s) that tenant {string} made up")]
    public Task ThenTheNodeOffers(int gpus, string tenant) => falseGpus.AwaitOfferedAsync(scenario[tenant], gpus);
}
