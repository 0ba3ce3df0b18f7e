using Grpc.Core;
using Grpc.Net.Client;
using SecuritySpecs.FleetProgram.PodResourcesV1;

namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary>The container that holds a GPU.</summary>
internal sealed record Holder(string Namespace, string Pod, string Container);

/// <summary>Asks the kubelet which containers of this node hold which devices: its pod-resources API, a gRPC server behind a unix socket.</summary>
internal sealed class GpuHolders(string socket) : IDisposable
{
    /// <summary>The kubelet's socket.</summary>
    public const string DefaultSocket = "/var/lib/kubelet/pod-resources/kubelet.sock";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly GrpcChannel _channel = GrpcSocket.Channel(socket);
    private string? _lastSaid;

    /// <summary>Who holds what, by the device's id; empty, and the reason in the log, while the kubelet does not tell.</summary>
    public async Task<IReadOnlyDictionary<string, Holder>> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var holders = Holders(await ListAsync(new CallOptions(deadline: DateTime.UtcNow + s_patience, cancellationToken: cancel)));
            Say(null);
            return holders;
        }
        catch (Exception e) when (e is RpcException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            var why = (e as RpcException)?.Status is { } status
                ? status.DebugException?.Message ?? status.Detail
                : $"no answer within {s_patience.TotalSeconds} s";
            Say($"the kubelet at {socket} does not tell who holds the GPUs: {why}");
            return new Dictionary<string, Holder>();
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<ListPodResourcesResponse> ListAsync(CallOptions options)
    {
        try
        {
            return await new PodResourcesLister.PodResourcesListerClient(_channel).ListAsync(new(), options);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unimplemented)
        {
            // A kubelet older than 1.20 has the same API under another name.
            return await new PodResourcesV1Alpha1.PodResourcesLister.PodResourcesListerClient(_channel).ListAsync(new(), options);
        }
    }

    private static Dictionary<string, Holder> Holders(ListPodResourcesResponse answer)
    {
        var holders = new Dictionary<string, Holder>();
        foreach (var pod in answer.PodResources)
        {
            foreach (var container in pod.Containers)
            {
                foreach (var device in container.Devices.SelectMany(d => d.DeviceIds))
                    holders[device] = new Holder(pod.Namespace, pod.Name, container.Name);
            }
        }
        return holders;
    }

    // At every scrape the same would fill the log.
    private void Say(string? text)
    {
        if (text is not null && text != _lastSaid)
            Log.Line(text);
        _lastSaid = text;
    }
}
