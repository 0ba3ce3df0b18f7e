using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Who calls a model server, who they say they are, and the paths that they take.</summary>
[Binding]
public sealed class InferenceEndpointSteps(ScenarioPlatform scenario, ScenarioState state, EndpointDriver endpoint, NodePortDriver nodePort)
{
    [Given("tenant {string} has a second namespace {string}")]
    public Task GivenASecondNamespace(string tenant, string name) => scenario.Tenants.AddAsync(name, scenario[tenant].Owner);

    [Given("tenant {string} labels its {workload} as a {workload}")]
    [When("tenant {string} labels its {workload} as a {workload}")]
    public Task WhenRenamed(string tenant, Workload workload, Workload other) => EndpointDriver.RenamePodAsync(scenario[tenant], workload.Name, other.Name);

    [When("the platform restores the labels of the namespace of tenant {string}")]
    public Task WhenRestored(string tenant) => endpoint.RestoreNamespaceAsync(scenario[tenant]);

    [When("the cluster admin tries to label the namespace of tenant {string} with the name of that of tenant {string}")]
    public Task WhenNamed(string tenant, string other) => endpoint.TryNameAsync(scenario[tenant], scenario[other].Namespace);

    [Then("the namespace of tenant {string} is still labelled with its own name")]
    public async Task ThenNamedAsBefore(string tenant) =>
        (await endpoint.OwnNameAsync(scenario[tenant])).Should().Be(scenario[tenant].Namespace, "the API server writes this label itself");

    [When("tenant {string} exposes its {workload} on a port of every node")]
    public Task WhenOnEveryNode(string tenant, Workload workload) => NodePortDriver.OpenAsync(scenario[tenant], workload, "Cluster");

    [When("tenant {string} exposes its {workload} on a port of its own node only")]
    public Task WhenOnItsOwnNode(string tenant, Workload workload) => NodePortDriver.OpenAsync(scenario[tenant], workload, "Local");

    [Then("the API server finds no pod of tenant {string} behind that service")]
    public async Task ThenNoPodBehind(string tenant)
    {
        var answer = await EndpointDriver.CallStrayServiceAsync(scenario[tenant]);
        answer.Reason.Should().Be("ServiceUnavailable", "the address is of no pod in the Service's namespace: {0}", answer);
        answer.Message.Should().Be($"no endpoints available for service \"{EndpointDriver.StrayService}\"");
    }

    [Then("the pod reaches the model server of tenant {string}")]
    public Task ThenThePodReaches(string tenant) => endpoint.AwaitReachedAsync(state.Pod, scenario[tenant]);

    [When("somebody outside the cluster reaches the node port of the model server of tenant {string}")]
    public Task WhenReachedFromOutside(string tenant) => nodePort.AwaitAnswerAsync(scenario[tenant]);

    [When("somebody outside the cluster tries the node port of the model server of tenant {string}")]
    public Task WhenTriedFromOutside(string tenant) => nodePort.CallAsync(scenario[tenant]);

    [Then("nobody outside the cluster reaches the node port of the model server of tenant {string}")]
    public Task ThenNotReachedFromOutside(string tenant) => nodePort.AwaitSilenceAsync(scenario[tenant]);
}
