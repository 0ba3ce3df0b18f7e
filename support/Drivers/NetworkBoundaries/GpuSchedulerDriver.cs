using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Who reaches the scheduler that places GPU jobs on shared GPUs.</summary>
public sealed class GpuSchedulerDriver(ScenarioPlatform scenario, ReachabilityDriver reach)
{
    private const string Name = "vgpu-scheduler";
    private const string Own = $"/api/v1/namespaces/{GpuFleet.Namespace}";

    /// <summary>One attempt on it.</summary>
    /// <param name="by">Who tries, in a feature's words.</param>
    /// <param name="to"><c>its pod IP</c>, <c>its service</c>, or a workload of a tenant in its place.</param>
    /// <param name="reached">Whether it must be reached.</param>
    public async Task<ExpectedCell> CellAsync(string by, string to, bool reached) => new(await reach.SourceAsync(by), to switch
    {
        "its pod IP" => await PodAsync(to),
        "its service" => await ServiceAsync(to),
        _ => await ElsewhereAsync(to),
    }, reached);

    private async Task<ProbeTarget> PodAsync(string way)
    {
        var pods = (await scenario.Platform.Admin.GetUnrecordedAsync($"{Own}/pods?labelSelector={Uri.EscapeDataString($"app.kubernetes.io/name={Name}")}")).OrThrow().Items;
        var pod = pods.Single(p => p!["metadata"]!["deletionTimestamp"] is null)!;
        return Target(way, (string)pod["status"]!["podIP"]!, pod["spec"]!["containers"]![0]!["ports"]![0]!["containerPort"]!);
    }

    private async Task<ProbeTarget> ServiceAsync(string way)
    {
        var spec = (await scenario.Platform.Admin.GetUnrecordedAsync($"{Own}/services/{Name}")).OrThrow().Body!["spec"]!;
        return Target(way, (string)spec["clusterIP"]!, spec["ports"]![0]!["port"]!);
    }

    private Task<ProbeTarget> ElsewhereAsync(string way)
    {
        var (tenant, workload) = reach.WorkloadOf(way);
        return reach.TargetAsync(tenant, workload, "its pod IP");
    }

    // It speaks TLS: that somebody listens is enough.
    private static ProbeTarget Target(string way, string host, JsonNode port) => new($"scheduler of GPU jobs at {way}", $"tcp://{HostName.InUrl(host)}:{port}");
}
