using Grpc.Core;
using SecuritySpecs.FleetProgram.DevicePlugin;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>Where the plugin keeps on the host what it mounts into containers.</summary>
/// <param name="Directory">The folder, by the same path in the plugin's container and on the host.</param>
internal sealed record HostFolder(string Directory)
{
    /// <summary>The folder with the memory's socket.</summary>
    public string Memory => Path.Combine(Directory, "memory");

    /// <summary>The file that becomes <see cref="Hami.Preload"/>.</summary>
    public string Preload => Path.Combine(Directory, "ld.so.preload");

    /// <summary>Makes both. The real loader is to find no library here: to it the line is a comment.</summary>
    public void Prepare()
    {
        System.IO.Directory.CreateDirectory(Memory);
        File.WriteAllText(Preload, $"# {Hami.Library} (played by fleet gpu-job)\n");
    }
}

/// <summary>The device-plugin API for one GPU in shares: which slice a share is, the scheduler has written on the pod.</summary>
internal sealed class VgpuPluginService(SharedGpu gpu, string node, KubeClient api, HostFolder host) : KubeletPlugin, IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <inheritdoc/>
    public override DevicePluginOptions Options => new();

    public override async Task<AllocateResponse> Allocate(AllocateRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            return await AllocateAsync(await PendingPod.FindAsync(api, node, cancel), request, cancel);
        }
        catch (Exception e) when (e is FleetException or KubeException)
        {
            Log.Line($"nothing allocated: {e.Message}");
            throw new RpcException(new Status(StatusCode.Unknown, e.Message));
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public override Task<PreStartContainerResponse> PreStartContainer(PreStartContainerRequest request, ServerCallContext context) =>
        Task.FromResult(new PreStartContainerResponse());

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Sends the shares, by HAMi's ids <c>UUID-0</c>, <c>UUID-1</c>: they never change.</summary>
    protected override async Task ListAndWatchAsync(IServerStreamWriter<ListAndWatchResponse> lists, CancellationToken end)
    {
        var ids = Enumerable.Range(0, gpu.Shares).Select(i => string.Create(CultureInfo.InvariantCulture, $"{gpu.Uuid}-{i}"));
        var shares = ids.Select(id => new Device { ID = id, Health = "Healthy" });
        await lists.WriteAsync(new ListAndWatchResponse { Devices = { shares } }, end);
        await Task.Delay(Timeout.Infinite, end);
    }

    private async Task<AllocateResponse> AllocateAsync(PendingPod pod, AllocateRequest request, CancellationToken cancel)
    {
        try
        {
            var response = new AllocateResponse { ContainerResponses = { request.ContainerRequests.Select(c => Answer(pod, c)) } };
            await pod.SucceedAsync(cancel);
            return response;
        }
        catch (FleetException)
        {
            await pod.FailAsync(cancel);
            throw;
        }
    }

    private ContainerAllocateResponse Answer(PendingPod pod, ContainerAllocateRequest request)
    {
        var (slices, controlDisabled) = pod.Next();
        if (slices.Count != request.DevicesIDs.Count)
            throw new FleetException($"pod {pod.FullName}: device number not matched ({request.DevicesIDs.Count} shares asked for, {slices.Count} in the annotation)");
        if (slices.FirstOrDefault(s => s.Uuid != gpu.Uuid) is { } stranger)
            throw new FleetException($"pod {pod.FullName}: no GPU {stranger.Uuid} on this node");
        Log.Line($"allocated to {pod.FullName}: {slices[0].MemoryMiB} MiB, {slices[0].Cores} % of {gpu.Uuid}{(controlDisabled ? $", {Hami.DisableVariable}" : "")}");
        var answer = new ContainerAllocateResponse
        {
            Envs =
            {
                [DevicePluginService.VisibleDevices] = gpu.Uuid,
                [Hami.MemoryLimitVariable] = string.Create(CultureInfo.InvariantCulture, $"{slices[0].MemoryMiB}m"),
                [Hami.CoreLimitVariable] = slices[0].Cores.ToString(CultureInfo.InvariantCulture),
            },
            // What the device node is to a real GPU.
            Mounts = { new Mount { ContainerPath = GpuJobRole.DefaultDirectory, HostPath = host.Memory, ReadOnly = true } },
        };
        if (!controlDisabled)
            answer.Mounts.Add(new Mount { ContainerPath = Hami.Preload, HostPath = host.Preload, ReadOnly = true });
        return answer;
    }
}
