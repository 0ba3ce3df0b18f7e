using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SecuritySpecs.FleetProgram.PodResourcesV1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The kubelet's pod-resources API of one version, on a socket of its own.</summary>
internal sealed class FakePodResources : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly WebApplication _app;

    private FakePodResources(string version)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenUnixSocket(Socket, l => l.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(context => AnswerAsync(context, version));
    }

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

    private async Task AnswerAsync(HttpContext context, string version)
    {
        context.Response.ContentType = "application/grpc";
        var known = context.Request.Path == $"/{version}.PodResourcesLister/List";
        if (!known || Refuses || await Frame.NextAsync(context.Request.Body, context.RequestAborted) is null)
        {
            context.Response.Headers["grpc-status"] = known ? "14" : "12";
            context.Response.Headers["grpc-message"] = known ? "not ready" : "unknown service";
            return;
        }
        await context.Response.Body.WriteAsync(Frame.Of(Pods), context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
