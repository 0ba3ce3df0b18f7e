using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>Pods of high priority, and what they push aside.</summary>
[Binding]
public sealed class PrioritySteps(ScenarioPlatform scenario, ScenarioState state, PriorityDriver priorities)
{
    [Given("the platform has a PriorityClass {string}")]
    public Task GivenAClass(string name) => priorities.AddClassAsync(name);

    [Given("tenant {string} may have {int} pod(s) of PriorityClass {string}")]
    [When("tenant {string} may have {int} pod(s) of PriorityClass {string}")]
    public Task Limited(string tenant, int pods, string @class) => priorities.LimitAsync(scenario[tenant], @class, pods);

    [When("tenant {string} may have any number of pods of PriorityClass {string}")]
    public Task WhenUnlimited(string tenant, string @class) => priorities.UnlimitAsync(scenario[tenant], @class);

    [Given("tenant {string} holds all GPUs of a node")]
    [When("tenant {string} holds all GPUs of a node")]
    public async Task ANodeIsFull(string tenant)
    {
        state.Pod = await priorities.ContestAsync(scenario[tenant], null);
        state.Pod.Answer.OrThrow();
        await scenario[tenant].Pods.WaitPlacedAsync(state.Pod.Name);
        await scenario.NoteFleetAsync();
    }

    [Then("the pod of tenant {string} is pre-empted for that of tenant {string}")]
    public Task ThenPreempted(string victim, string by)
    {
        state.Pod.Tenant.Name.Should().Be(by, "the step asks about the pod submitted last");
        return priorities.AwaitPreemptedAsync(state.Pods.Last(p => p.Tenant.Name == victim), state.Pod);
    }
}
