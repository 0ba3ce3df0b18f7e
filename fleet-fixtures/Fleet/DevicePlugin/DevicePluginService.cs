using Grpc.Core;
using SecuritySpecs.FleetProgram.Gpus;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>The five calls of the kubelet's device-plugin API, answered for a fixed set of fake GPUs.</summary>
/// <param name="gpus">The node's GPUs, by index.</param>
/// <param name="state">Where their health is kept.</param>
internal sealed class DevicePluginService(IReadOnlyList<Gpu> gpus, GpuState state) : KubeletPlugin
{
    /// <summary>What NVIDIA's container runtime reads to decide which GPUs a container sees.</summary>
    public const string VisibleDevices = "NVIDIA_VISIBLE_DEVICES";

    private static readonly TimeSpan s_healthPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>The kubelet asks for a preference before it allocates.</summary>
    public override DevicePluginOptions Options => new() { GetPreferredAllocationAvailable = true };

    /// <inheritdoc/>
    protected override async Task ListAndWatchAsync(IServerStreamWriter<ListAndWatchResponse> lists, CancellationToken end)
    {
        using var timer = new PeriodicTimer(s_healthPoll);
        ListAndWatchResponse? sent = null;
        do
        {
            var now = Devices();
            if (now.Equals(sent))
                continue;
            await lists.WriteAsync(now, end);
            Log.Line($"told the kubelet: {now.Devices.Count(d => d.Health == "Healthy")} of {now.Devices.Count} GPUs are healthy");
            sent = now;
        }
        while (await timer.WaitForNextTickAsync(end));
    }

    public override Task<AllocateResponse> Allocate(AllocateRequest request, ServerCallContext context)
    {
        var unhealthy = state.Unhealthy();
        var response = new AllocateResponse();
        foreach (var container in request.ContainerRequests)
        {
            var uuids = Known(container.DevicesIDs).Select(g => g.Uuid).ToArray();
            if (uuids.FirstOrDefault(unhealthy.Contains) is { } broken)
                throw new RpcException(new Status(StatusCode.FailedPrecondition, $"GPU {broken} is unhealthy"));
            response.ContainerResponses.Add(new ContainerAllocateResponse { Envs = { [VisibleDevices] = string.Join(',', uuids) } });
            Log.Line($"allocated {string.Join(' ', uuids)}");
        }
        return Task.FromResult(response);
    }

    public override Task<PreStartContainerResponse> PreStartContainer(PreStartContainerRequest request, ServerCallContext context)
    {
        Known(request.DevicesIDs);
        return Task.FromResult(new PreStartContainerResponse());
    }

    /// <summary>Prefers what must be included, then the lowest indexes: neighbours stay together, the answer is always the same.</summary>
    public override Task<PreferredAllocationResponse> GetPreferredAllocation(PreferredAllocationRequest request, ServerCallContext context)
    {
        var containers = request.ContainerRequests.Select(r => new ContainerPreferredAllocationResponse { DeviceIDs = { Prefer(r) } });
        return Task.FromResult(new PreferredAllocationResponse { ContainerResponses = { containers } });
    }

    private ListAndWatchResponse Devices()
    {
        var unhealthy = state.Unhealthy();
        return new ListAndWatchResponse
        {
            Devices = { gpus.Select(g => new Device { ID = g.Uuid, Health = unhealthy.Contains(g.Uuid) ? "Unhealthy" : "Healthy" }) },
        };
    }

    private IEnumerable<string> Prefer(ContainerPreferredAllocationRequest request)
    {
        var must = Known(request.MustIncludeDeviceIDs);
        var others = Known(request.AvailableDeviceIDs).Except(must).ToArray();
        var missing = request.AllocationSize - must.Count;
        if (missing < 0 || missing > others.Length)
            throw new RpcException(new Status(StatusCode.InvalidArgument,
                $"{request.AllocationSize} GPUs wanted, with {must.Count} to include and {others.Length} others available"));
        return must.Concat(others.Take(missing)).OrderBy(g => g.Index).Select(g => g.Uuid);
    }

    /// <summary>The GPUs of these ids by index.</summary>
    /// <exception cref="RpcException">One is not of this node.</exception>
    private List<Gpu> Known(IReadOnlyCollection<string> ids)
    {
        if (ids.FirstOrDefault(id => gpus.All(g => g.Uuid != id)) is { } unknown)
            throw new RpcException(new Status(StatusCode.NotFound, $"no GPU '{unknown}' on this node"));
        return [.. gpus.Where(g => ids.Contains(g.Uuid))];
    }
}
