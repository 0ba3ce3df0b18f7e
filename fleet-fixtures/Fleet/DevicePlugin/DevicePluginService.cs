using SecuritySpecs.FleetProgram.Cli;
using SecuritySpecs.FleetProgram.Gpus;
using SecuritySpecs.FleetProgram.Grpc;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>The five calls of the kubelet's device-plugin API, answered for a fixed set of fake GPUs.</summary>
/// <param name="gpus">The node's GPUs, by index.</param>
/// <param name="state">Where their health is kept.</param>
internal sealed class DevicePluginService(IReadOnlyList<Gpu> gpus, GpuState state) : IDevicePlugin
{
    /// <summary>What NVIDIA's container runtime reads to decide which GPUs a container sees.</summary>
    public const string VisibleDevices = "NVIDIA_VISIBLE_DEVICES";

    private static readonly TimeSpan s_healthPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>The kubelet asks for a preference before it allocates.</summary>
    public DevicePluginOptions Options => new() { GetPreferredAllocationAvailable = true };

    /// <inheritdoc/>
    public Task AnswerAsync(GrpcCall call, CancellationToken stopping) => call.AnswerAsync(c => c.Method switch
    {
        "/v1beta1.DevicePlugin/GetDevicePluginOptions" => c.AnswerWithAsync(Empty.Parser, _ => Options),
        "/v1beta1.DevicePlugin/ListAndWatch" => ListAndWatchAsync(c, stopping),
        "/v1beta1.DevicePlugin/GetPreferredAllocation" => c.AnswerWithAsync(PreferredAllocationRequest.Parser, Prefer),
        "/v1beta1.DevicePlugin/Allocate" => c.AnswerWithAsync(AllocateRequest.Parser, Allocate),
        "/v1beta1.DevicePlugin/PreStartContainer" => c.AnswerWithAsync(PreStartContainerRequest.Parser, PreStart),
        _ => throw new GrpcException(GrpcStatus.Unimplemented, $"no method {c.Method}"),
    });

    /// <summary>Sends all GPUs at once and again after every change of health, until the kubelet or the plugin ends.</summary>
    private async Task ListAndWatchAsync(GrpcCall call, CancellationToken stopping)
    {
        await call.ReadAsync(Empty.Parser);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, stopping);
        using var timer = new PeriodicTimer(s_healthPoll);
        ListAndWatchResponse? sent = null;
        try
        {
            do
            {
                var now = Devices();
                if (now.Equals(sent))
                    continue;
                await call.WriteAsync(now);
                Log.Line($"told the kubelet: {now.Devices.Count(d => d.Health == "Healthy")} of {now.Devices.Count} GPUs are healthy");
                sent = now;
            }
            while (await timer.WaitForNextTickAsync(end.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw new GrpcException(GrpcStatus.Unavailable, "the device plugin ends");
        }
    }

    private ListAndWatchResponse Devices()
    {
        var unhealthy = state.Unhealthy();
        return new ListAndWatchResponse
        {
            Devices = { gpus.Select(g => new Device { ID = g.Uuid, Health = unhealthy.Contains(g.Uuid) ? "Unhealthy" : "Healthy" }) },
        };
    }

    private AllocateResponse Allocate(AllocateRequest request)
    {
        var unhealthy = state.Unhealthy();
        var response = new AllocateResponse();
        foreach (var container in request.ContainerRequests)
        {
            var uuids = Known(container.DevicesIDs).Select(g => g.Uuid).ToArray();
            if (uuids.FirstOrDefault(unhealthy.Contains) is { } broken)
                throw new GrpcException(GrpcStatus.FailedPrecondition, $"GPU {broken} is unhealthy");
            response.ContainerResponses.Add(new ContainerAllocateResponse { Envs = { [VisibleDevices] = string.Join(',', uuids) } });
            Log.Line($"allocated {string.Join(' ', uuids)}");
        }
        return response;
    }

    /// <summary>The rule: what must be included first, then the lowest indexes. Neighbours stay together, and the answer is always the same.</summary>
    private PreferredAllocationResponse Prefer(PreferredAllocationRequest request) => new()
    {
        ContainerResponses = { request.ContainerRequests.Select(r => new ContainerPreferredAllocationResponse { DeviceIDs = { Prefer(r) } }) },
    };

    private IEnumerable<string> Prefer(ContainerPreferredAllocationRequest request)
    {
        var must = Known(request.MustIncludeDeviceIDs);
        var others = Known(request.AvailableDeviceIDs).Except(must).ToArray();
        var missing = request.AllocationSize - must.Count;
        if (missing < 0 || missing > others.Length)
            throw new GrpcException(GrpcStatus.InvalidArgument, $"{request.AllocationSize} GPUs wanted, with {must.Count} to include and {others.Length} others available");
        return must.Concat(others.Take(missing)).OrderBy(g => g.Index).Select(g => g.Uuid);
    }

    private PreStartContainerResponse PreStart(PreStartContainerRequest request)
    {
        Known(request.DevicesIDs);
        return new PreStartContainerResponse();
    }

    /// <summary>The GPUs of these ids by index.</summary>
    /// <exception cref="GrpcException">One is not of this node.</exception>
    private List<Gpu> Known(IReadOnlyCollection<string> ids)
    {
        if (ids.FirstOrDefault(id => gpus.All(g => g.Uuid != id)) is { } unknown)
            throw new GrpcException(GrpcStatus.NotFound, $"no GPU '{unknown}' on this node");
        return [.. gpus.Where(g => ids.Contains(g.Uuid))];
    }
}
