using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Pods that want to be away from another tenant's pods, or beside them.</summary>
[Binding]
public sealed class AffinitySteps(ScenarioPlatform scenario, ScenarioState state, AffinityDriver affinities)
{
    [When("tenant {string} submits a pod that shuts out tenant {string}")]
    public async Task WhenShutsOut(string tenant, string other) => state.Pod = await affinities.SubmitAsync(scenario[tenant], "shuts out", scenario[other]);

    [Then("a pod of another tenant closes every node of the fleet to the pod")]
    public async Task ThenClosed()
    {
        var fleet = scenario.Platform.Fleet.Info;
        var (nodes, message) = await affinities.ClosedNodesAsync(state.Pod);
        nodes.Should().BeGreaterThanOrEqualTo(fleet.RealNodes.Count + fleet.ApiOnlyNodes.Count, "the scheduler should find each node closed by the other pod, but it said: {0}", message);
    }
}
