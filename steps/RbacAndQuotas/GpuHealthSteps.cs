using SecuritySpecs.Fleet;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>GPUs that break and recover.</summary>
[Binding]
public sealed class GpuHealthSteps(ScenarioPlatform scenario, ScenarioState state, GpuPodDriver gpuPods)
{
    private GpuFleet Fleet => scenario.Platform.Fleet;

    [When("a GPU of the node becomes unhealthy")]
    public async Task WhenUnhealthy()
    {
        state.UnhealthyGpu = (await Fleet.GpuIdsAsync())[0];
        await scenario.BreakGpuAsync(state.UnhealthyGpu);
    }

    [When("the GPU becomes healthy again")]
    public Task WhenHealthy() => scenario.HealGpuAsync();

    [Then("the node has 1 GPU fewer to allocate")]
    public async Task ThenFewer()
    {
        var left = await Poll.UntilAsync("the node to count the unhealthy GPU out", () => Fleet.AllocatableAsync(Fleet.NodeUnderTest),
            n => n == Fleet.Gate!.Capacity - 1, n => $"{n} of {Fleet.Gate!.Capacity} allocatable");
        scenario.Note($"node {Fleet.NodeUnderTest}", $"{left} of {Fleet.Gate!.Capacity} GPUs allocatable, {state.UnhealthyGpu} is unhealthy");
    }

    [Then("the pod does not see the unhealthy GPU")]
    public async Task ThenNotSeen() => (await gpuPods.VisibleGpusAsync(state.Pod))
        .Should().HaveCount(Fleet.Gate!.Capacity - 1).And.NotContain(state.UnhealthyGpu!, "a broken GPU is handed to nobody");

    [Then("the pod sees the GPU that was unhealthy")]
    public async Task ThenSeen() => (await gpuPods.VisibleGpusAsync(state.Pod)).Should().Equal([state.UnhealthyGpu!], "it is the only one left");

}
