using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Pools of GPU nodes, and who lands on them.</summary>
[Binding]
public sealed class GpuPoolSteps(ScenarioPlatform scenario, ScenarioState state, GpuPoolDriver pools)
{
    [Given("tenant {string} is assigned to the {string} pool{mistake}")]
    [When("tenant {string} is assigned to the {string} pool{mistake}")]
    public Task Assigned(string tenant, string pool, ManifestEdit? mistake) => pools.AssignAsync(scenario[tenant], pool, mistake);

    [When("tenant {string} is assigned to no pool")]
    public Task WhenFree(string tenant) => pools.FreeAsync(scenario[tenant]);

    [When("tenant {string} submits a pod that names the GPU node itself")]
    public async Task WhenNamesTheNode(string tenant) => state.Pod = await pools.NameNodeAsync(scenario[tenant]);

    [When("tenant {string} adds a toleration of the {string} pool to the pod")]
    public async Task WhenTolerates(string tenant, string pool)
    {
        state.Pod.Tenant.Name.Should().Be(tenant, "the step asks about the pod submitted last");
        state.Pod = await GpuPoolDriver.TolerateAsync(state.Pod, pools.TaintOf(pool));
    }

    [Then("the pod lands on the {string} pool")]
    public async Task ThenLands(string pool) => (await pools.PoolOfAsync(state.Pod)).Should().Be(pool);

    [Then("the pod waits, for it does not tolerate the taint of the {string} pool")]
    public async Task ThenWaits(string pool)
    {
        var message = await state.Pod.Tenant.Pods.WaitUnschedulableAsync(state.Pod.Name);
        scenario.Note("scheduler", message);
        message.Should().MatchRegex(@"\b1 node\(s\) had (untolerated )?taint", "the scheduler should find the taint {0} of the one node that the pod wants", pools.TaintOf(pool));
    }

    [Then("the kubelet turns the pod away")]
    public async Task ThenTurnedAway()
    {
        var pod = await state.Pod.Tenant.Pods.WaitPhaseAsync(state.Pod.Name, "Failed");
        ((string?)pod["status"]!["reason"]).Should().BeOneOf(["NodeAffinity"], "the node is of another pool: {0}", pod["status"]!.ToJsonString());
    }
}
