using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>How pods with GPUs end.</summary>
[Binding]
public sealed class TerminationSteps(ScenarioPlatform scenario, ScenarioState state, TerminationDriver termination, GhostDriver ghost, GpuPodDriver gpuPods)
{
    private SubmittedPod? _deaf;
    private IReadOnlyList<string> _gpus = [];

    [When("tenant {string} runs a pod with all GPUs of the node that ends only after its {int} s of grace")]
    public async Task WhenRunsDeaf(string tenant, int seconds) => (_deaf, _gpus) = await termination.RunDeafAsync(scenario[tenant], seconds);

    [When("tenant {string} runs a server that ends only after its {int} s of grace")]
    public async Task WhenRunsDeafServer(string tenant, int seconds) => _deaf = await ghost.RunAsync(scenario[tenant], seconds);

    [When("the namespace of tenant {string} is deleted")]
    public Task WhenTheNamespaceGoes(string tenant) => ghost.DeleteNamespaceAsync(scenario[tenant]);

    // Measured only: what becomes of the policies of a pod that is gone from the API is up to the network plugin.
    [Then("the report says whether the client of tenant {string} reaches that pod")]
    public Task ThenMeasured(string tenant) => ghost.MeasureAsync(scenario[tenant], _deaf ?? throw new InvalidOperationException("No step of this scenario has run such a pod yet."));

    [When("tenant {string} deletes that pod")]
    public Task WhenDeletes(string tenant) => TerminationDriver.DeleteAsync(DeafOf(tenant), force: false);

    [When("tenant {string} deletes that pod by force")]
    public Task WhenDeletesByForce(string tenant) => TerminationDriver.DeleteAsync(DeafOf(tenant), force: true);

    [When("the pod is reported as {string}")]
    public Task WhenReported(string phase) => termination.ReportAsync(state.Pod, phase);

    [Then("the audit finds that a pod of tenant {string} runs and is gone from the API")]
    public async Task ThenOneIsGone(string tenant) => (await termination.GhostsAsync()).Should().Equal([tenant], "it was deleted by force, and its containers run on");

    [Then("the audit finds that all pods that run are in the API")]
    public Task ThenNoneIsGone() => termination.AwaitNoGhostAsync();

    [Then("the pod was given a GPU of that pod, which runs on for at most {int} s")]
    public async Task ThenShares(int seconds)
    {
        (await gpuPods.VisibleGpusAsync(state.Pod)).Should().ContainSingle("it asked for one").And.BeSubsetOf(_gpus, "the node has no others");
        await termination.AwaitEndAsync(_deaf!.Tenant, state.Pod, TimeSpan.FromSeconds(seconds));
    }

    private SubmittedPod DeafOf(string tenant) =>
        _deaf?.Tenant == scenario[tenant] ? _deaf : throw new InvalidOperationException($"No step of this scenario has run such a pod of tenant \"{tenant}\" yet.");
}
