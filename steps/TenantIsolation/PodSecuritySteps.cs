using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Pod Security on the namespaces of tenants, and what it keeps from a node.</summary>
[Binding]
public sealed class PodSecuritySteps(ScenarioPlatform scenario, ScenarioState state, PodSecurityDriver podSecurity, FalseGpuDriver falseGpus)
{
    [Then("every tenant enforces a level of Pod Security")]
    public async Task ThenEverybody() => (await podSecurity.WithoutAsync()).Should().BeEmpty("each tenant's namespace should have the label");

    [Then("tenant {string} is found to enforce no level of Pod Security")]
    public async Task ThenFound(string tenant) => (await podSecurity.WithoutAsync()).Should().Equal([tenant], "a namespace without the label is a hole");

    [Then("the pod is still there")]
    public async Task ThenStillThere() => (await scenario.Admin.GetAsync($"{state.Pods[0].Tenant.Pods.Collection}/{state.Pods[0].Name}")).Code.Should().Be(200, "nothing removes a pod that was admitted");

    [Then("the pod is admitted with a warning that names {string}")]
    public void ThenWarned(string what)
    {
        state.Pod.Answer.Code.Should().Be(201, "the pod should be admitted: {0}", state.Pod.Answer);
        scenario.Note("API server", string.Join("; ", state.Pod.Answer.Warnings));
        state.Pod.Answer.Warnings.Should().Contain(w => w.Contains(what, StringComparison.Ordinal), "the tenant should be told");
    }

    [Then("the pod is admitted without a warning")]
    public void ThenNotWarned()
    {
        state.Pod.Answer.Code.Should().Be(201, "the pod should be admitted: {0}", state.Pod.Answer);
        state.Pod.Answer.Warnings.Should().BeEmpty("there is nothing to warn of");
    }

    [Then("the node offers {int} GPU(s) that tenant {string} made up")]
    public Task ThenTheNodeOffers(int gpus, string tenant) => falseGpus.AwaitOfferedAsync(scenario[tenant], gpus);
}
