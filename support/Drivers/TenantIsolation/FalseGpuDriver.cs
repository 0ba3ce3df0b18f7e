using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>GPUs that a tenant made up: those of workloads/false-device-plugin.yaml.</summary>
public sealed class FalseGpuDriver(ScenarioPlatform scenario)
{
    /// <summary>Waits until the node under test offers so many of a tenant's made-up GPUs.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public async Task AwaitOfferedAsync(Tenant tenant, int gpus)
    {
        var node = scenario.Platform.Fleet.NodeUnderTest;
        await Poll.UntilAsync($"node {node} to offer {gpus} GPUs that tenant \"{tenant.Name}\" made up", () => OfferedAsync(node, tenant), n => n == gpus,
            n => n.ToString(CultureInfo.InvariantCulture));
        scenario.Note($"node {node}", $"{gpus} allocatable {GpuFleet.FalseGpuDomain}{tenant.Namespace}");
    }

    private async Task<int> OfferedAsync(string node, Tenant tenant) => int.Parse(
        (string?)(await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/nodes/{node}")).OrThrow().Body!["status"]!["allocatable"]?[GpuFleet.FalseGpuDomain + tenant.Namespace] ?? "0",
        CultureInfo.InvariantCulture);
}
