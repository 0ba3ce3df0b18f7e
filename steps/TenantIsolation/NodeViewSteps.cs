using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Drivers.TenantIsolation;
using SecuritySpecs.Network;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>What pods see of the node that they share, and an ordinary pod beside them does not.</summary>
[Binding]
public sealed class NodeViewSteps(ScenarioPlatform scenario, ScenarioState state, NodeViewDriver view)
{
    [Then("the pod reads the command line of the job of tenant {string}")]
    public async Task ThenReadsTheCommandLine(string tenant) => (await view.SeesJobAsync(state.Pod.Tenant, state.Pod.Name, scenario[tenant]))
        .Should().BeTrue("the node's process table has the processes of all tenants");

    [Then("the job of tenant {string} sees no process but its own")]
    public async Task ThenSeesItsOwn(string tenant)
    {
        (await view.SeesJobAsync(scenario[tenant], TenantRequest.Job, scenario[tenant])).Should().BeTrue("it sees itself");
        (await view.StrangersAtJobAsync(scenario[tenant])).Should().BeEmpty("a pod's process table has its own processes and nobody else's");
        var (own, neighbours) = (await view.ProcessNamespaceAsync(scenario[tenant], TenantRequest.Job), await view.ProcessNamespaceAsync(state.Pod.Tenant, state.Pod.Name));
        own.Should().StartWith("pid:[", "the job has a namespace of processes").And.NotBe(neighbours, "that of the pod beside it is another one");
    }

    [Then("the pod reads the secret of tenant {string} off the node's disk")]
    public async Task ThenReadsTheSecret(string tenant) => (await view.CredentialFilesAsync(state.Pod)).Contains(state.SecretValues[tenant], StringComparison.Ordinal)
        .Should().BeTrue("the kubelet keeps the secret of every pod of the node as a file");

    [Then("the pod sees the kubelet's socket for device plugins")]
    public async Task ThenSeesTheSocket() => (await view.FolderAsync(state.Pod)).Should().Contain("kubelet.sock", "whoever speaks to it can offer the node's GPUs");

    [Then("the pod reaches the kubelet at the node's loopback address")]
    public async Task ThenReachesTheKubelet() => (await view.ProbeKubeletAsync(state.Pod.Tenant, state.Pod.Name))
        .Body.Should().Be("ok", "the kubelet answers on the node's loopback");

    [Then("the job of tenant {string} reaches nothing at that address")]
    public async Task ThenFindsNobody(string tenant) => (await view.ProbeKubeletAsync(scenario[tenant], TenantRequest.Job))
        .Result.Should().Be(ProbeResult.Refused, "a pod's loopback is its own");

    [Then("the pod sees the devices of the node")]
    public async Task ThenSeesDevices() => (await view.DevicesAsync(state.Pod.Tenant, state.Pod.Name)).Should().Contain("kmsg", "a privileged pod has the node's /dev");

    [Then("the job of tenant {string} sees no device of the node")]
    public async Task ThenSeesNoDevice(string tenant) => (await view.DevicesAsync(scenario[tenant], TenantRequest.Job))
        .Should().Contain("null").And.NotContain("kmsg", "an ordinary pod has a /dev of its own");

    [Then("the pod has the priority of a system component")]
    public void ThenHasThePriority() => ((long?)state.Pod.Answer.Body!["spec"]!["priority"]).Should().Be(2_000_000_000, "the class says so, and the tenant named the class");
}
