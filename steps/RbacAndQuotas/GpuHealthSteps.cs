using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>GPUs that break and recover.</summary>
[Binding]
public sealed class GpuHealthSteps(ScenarioPlatform scenario, ScenarioState state, GpuPodDriver gpuPods, GpuHealthDriver health)
{
    private string? _unhealthy;

    [When("a GPU of the node becomes unhealthy")]
    public async Task WhenUnhealthy() => _unhealthy = await health.BreakAsync();

    [When("the GPU becomes healthy again")]
    public Task WhenHealthy() => health.HealAsync();

    [Then("the node has 1 GPU fewer to allocate")]
    public Task ThenFewer() => health.AwaitFewerAsync(1);

    [Then("the pod does not see the unhealthy GPU")]
    public async Task ThenNotSeen() => (await gpuPods.VisibleGpusAsync(state.Pod))
        .Should().HaveCount(scenario.Platform.Fleet.Gate!.Capacity - 1).And.NotContain(_unhealthy!, "a broken GPU is handed to nobody");

    [Then("the pod sees the GPU that was unhealthy")]
    public async Task ThenSeen() => (await gpuPods.VisibleGpusAsync(state.Pod)).Should().Equal([_unhealthy!], "it is the only one left");
}
