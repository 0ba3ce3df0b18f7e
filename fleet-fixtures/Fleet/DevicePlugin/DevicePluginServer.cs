using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SecuritySpecs.FleetProgram.Grpc;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>The plugin's own unix socket, and HTTP/2 on it.</summary>
internal sealed class DevicePluginServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _socket;
    private readonly WebApplication _app;

    private DevicePluginServer(string socket, IDevicePlugin plugin)
    {
        _socket = socket;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(context => plugin.AnswerAsync(new GrpcCall(context), _stopping.Token));
    }

    /// <summary>Serves; a socket of the same name that an earlier plugin left behind is replaced.</summary>
    public static async Task<DevicePluginServer> StartAsync(string socket, IDevicePlugin plugin, CancellationToken cancel)
    {
        File.Delete(socket);
        var server = new DevicePluginServer(socket, plugin);
        await server._app.StartAsync(cancel);
        return server;
    }

    /// <summary>Ends the streams, then the connections, and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using (var patience = new CancellationTokenSource(s_patience))
            await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        File.Delete(_socket);
        _stopping.Dispose();
    }
}
