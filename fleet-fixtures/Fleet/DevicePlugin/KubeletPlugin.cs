using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>What a device plugin answers to the kubelet.</summary>
internal abstract class KubeletPlugin : V1Beta1.DevicePlugin.DevicePluginBase
{
    /// <summary>Sent at registration and on request.</summary>
    public abstract DevicePluginOptions Options { get; }

    public override Task<DevicePluginOptions> GetDevicePluginOptions(Empty request, ServerCallContext context) => Task.FromResult(Options);

    public override async Task ListAndWatch(Empty request, IServerStreamWriter<ListAndWatchResponse> lists, ServerCallContext context)
    {
        var server = context.GetHttpContext().RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, server.ApplicationStopping);
        try
        {
            await ListAndWatchAsync(lists, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the device plugin ends"));
        }
    }

    /// <summary>Sends all devices at once and again after every change, until the kubelet or the plugin ends.</summary>
    protected abstract Task ListAndWatchAsync(IServerStreamWriter<ListAndWatchResponse> lists, CancellationToken end);
}
