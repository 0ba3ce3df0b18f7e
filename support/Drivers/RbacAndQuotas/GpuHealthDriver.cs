using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>A GPU of the node under test that breaks, and recovers when the scenario says so or ends.</summary>
public sealed class GpuHealthDriver(ScenarioPlatform scenario)
{
    private string? _broken;

    private GpuFleet Fleet => scenario.Platform.Fleet;

    /// <summary>Makes a GPU unhealthy.</summary>
    /// <returns>Its UUID.</returns>
    public async Task<string> BreakAsync()
    {
        var gpu = (await Fleet.GpuIdsAsync())[0];
        if (_broken is null)
            scenario.CleanUp.Undo(HealAsync);
        _broken = gpu;
        await Fleet.SwitchHealthAsync(gpu, healthy: false);
        return gpu;
    }

    /// <summary>Makes the broken GPU healthy again, and waits until the node counts it. Nothing is done where none is broken.</summary>
    public async Task HealAsync()
    {
        if (_broken is null)
            return;
        await Fleet.SwitchHealthAsync(_broken, healthy: true);
        await Poll.UntilAsync("the node to have all of its GPUs again", () => Fleet.AllocatableAsync(Fleet.NodeUnderTest),
            n => n == Fleet.Gate!.Capacity, n => $"{n} of {Fleet.Gate!.Capacity} allocatable");
        _broken = null;
    }

    /// <summary>Waits until the node has so many GPUs fewer to allocate than it is built with.</summary>
    public async Task AwaitFewerAsync(int fewer)
    {
        var left = await Poll.UntilAsync("the node to count the unhealthy GPU out", () => Fleet.AllocatableAsync(Fleet.NodeUnderTest),
            n => n == Fleet.Gate!.Capacity - fewer, n => $"{n} of {Fleet.Gate!.Capacity} allocatable");
        scenario.Note($"node {Fleet.NodeUnderTest}", $"{left} of {Fleet.Gate!.Capacity} GPUs allocatable, {_broken} is unhealthy");
        await scenario.NoteFleetAsync();
    }
}
