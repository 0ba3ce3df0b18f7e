using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using SecuritySpecs.FleetProgram.Kube;
using SecuritySpecs.FleetProgram.PodResourcesV1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The kubelet's pod-resources API of one version, on a socket of its own.</summary>
internal sealed class FakePodResources : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly WebApplication _app;

    private FakePodResources(string version) =>
        _app = version == "v1" ? GrpcSocket.Server(Socket, new V1(this)) : GrpcSocket.Server(Socket, new V1Alpha1(this));

    public string Socket => _folder.File("kubelet.sock");

    /// <summary>What the kubelet says now.</summary>
    public ListPodResourcesResponse Pods { get; private set; } = new();

    /// <summary>Whether it refuses, as one does that is just starting.</summary>
    public bool Refuses { get; set; }

    public static async Task<FakePodResources> StartAsync(string version = "v1")
    {
        var kubelet = new FakePodResources(version);
        await kubelet._app.StartAsync();
        return kubelet;
    }

    /// <summary>Lets a container hold devices.</summary>
    public void Give(string space, string pod, string container, string resource, params string[] devices) => Pods.PodResources.Add(new PodResources
    {
        Namespace = space, Name = pod,
        Containers = { new ContainerResources { Name = container, Devices = { new ContainerDevices { ResourceName = resource, DeviceIds = { devices } } } } },
    });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private Task<ListPodResourcesResponse> Answer() =>
        Refuses ? throw new RpcException(new Status(StatusCode.Unavailable, "not ready")) : Task.FromResult(Pods);

    private sealed class V1(FakePodResources kubelet) : PodResourcesLister.PodResourcesListerBase
    {
        public override Task<ListPodResourcesResponse> List(ListPodResourcesRequest request, ServerCallContext context) => kubelet.Answer();
    }

    private sealed class V1Alpha1(FakePodResources kubelet) : PodResourcesV1Alpha1.PodResourcesLister.PodResourcesListerBase
    {
        public override Task<ListPodResourcesResponse> List(ListPodResourcesRequest request, ServerCallContext context) => kubelet.Answer();
    }
}
