using SecuritySpecs.FleetProgram.Cli;
using SecuritySpecs.FleetProgram.Grpc;
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
    // The newest first. v1 came with Kubernetes 1.20; v1alpha1 is older and has the same messages.
    private static readonly string[] s_versions = ["v1", "v1alpha1"];
    private readonly GrpcUnixClient _client = new(socket);
    private string? _lastSaid;

    /// <summary>Who holds what, by the device's id; empty, and the reason in the log, while the kubelet does not tell.</summary>
    public async Task<IReadOnlyDictionary<string, Holder>> ReadAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(s_patience);
        try
        {
            var holders = Holders(await ListAsync(patience.Token));
            Say(null);
            return holders;
        }
        catch (Exception e) when (e is GrpcException or HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            Say($"the kubelet at {socket} does not tell who holds the GPUs: {(e is OperationCanceledException ? $"no answer within {s_patience.TotalSeconds} s" : e.Message)}");
            return new Dictionary<string, Holder>();
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<ListPodResourcesResponse> ListAsync(CancellationToken cancel)
    {
        foreach (var version in s_versions[..^1])
        {
            try
            {
                return await ListAsync(version, cancel);
            }
            catch (GrpcException e) when (e.Status == GrpcStatus.Unimplemented)
            {
                // an older kubelet
            }
        }
        return await ListAsync(s_versions[^1], cancel);
    }

    private Task<ListPodResourcesResponse> ListAsync(string version, CancellationToken cancel) =>
        _client.CallAsync($"/{version}.PodResourcesLister/List", new ListPodResourcesRequest(), ListPodResourcesResponse.Parser, cancel);

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
