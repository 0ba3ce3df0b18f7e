using System.Globalization;
using SecuritySpecs.FleetProgram.Cli;
using SecuritySpecs.FleetProgram.DevicePlugin;
using SecuritySpecs.FleetProgram.Grpc;
using SecuritySpecs.FleetProgram.Kube;
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
internal sealed class VgpuPluginService(SharedGpu gpu, string node, KubeClient api, HostFolder host) : IDevicePlugin, IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    /// <inheritdoc/>
    public DevicePluginOptions Options => new();

    /// <inheritdoc/>
    public Task AnswerAsync(GrpcCall call, CancellationToken stopping) => call.AnswerAsync(c => c.Method switch
    {
        "/v1beta1.DevicePlugin/GetDevicePluginOptions" => c.AnswerWithAsync(Empty.Parser, _ => Options),
        "/v1beta1.DevicePlugin/ListAndWatch" => ListAndWatchAsync(c, stopping),
        "/v1beta1.DevicePlugin/Allocate" => c.AnswerWithAsync(AllocateRequest.Parser, async r => await AllocateAsync(r, c.Aborted)),
        "/v1beta1.DevicePlugin/PreStartContainer" => c.AnswerWithAsync(PreStartContainerRequest.Parser, _ => new PreStartContainerResponse()),
        _ => throw new GrpcException(GrpcStatus.Unimplemented, $"no method {c.Method}"),
    });

    public void Dispose() => _oneAtATime.Dispose();

    /// <summary>Sends the shares, by HAMi's ids <c>UUID-0</c>, <c>UUID-1</c>, and waits for the end: they never change.</summary>
    private async Task ListAndWatchAsync(GrpcCall call, CancellationToken stopping)
    {
        await call.ReadAsync(Empty.Parser);
        await call.WriteAsync(new ListAndWatchResponse
        {
            Devices = { Enumerable.Range(0, gpu.Shares).Select(i => new Device { ID = string.Create(CultureInfo.InvariantCulture, $"{gpu.Uuid}-{i}"), Health = "Healthy" }) },
        });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted, stopping);
        await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new GrpcException(GrpcStatus.Unavailable, "the device plugin ends");
    }

    private async Task<AllocateResponse> AllocateAsync(AllocateRequest request, CancellationToken cancel)
    {
        await _oneAtATime.WaitAsync(cancel);
        try
        {
            return await AllocateAsync(await PendingPod.FindAsync(api, node, cancel), request, cancel);
        }
        catch (Exception e) when (e is FleetException or KubeException)
        {
            Log.Line($"nothing allocated: {e.Message}");
            throw new GrpcException(GrpcStatus.Unknown, e.Message);
        }
        finally
        {
            _oneAtATime.Release();
        }
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
