using Microsoft.AspNetCore.Builder;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>The plugin's own unix socket, and gRPC on it.</summary>
internal sealed class DevicePluginServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);
    private readonly string _socket;
    private readonly WebApplication _app;

    private DevicePluginServer(string socket, KubeletPlugin plugin) => (_socket, _app) = (socket, GrpcSocket.Server(socket, plugin));

    /// <summary>Serves; a socket of the same name that an earlier plugin left behind is replaced.</summary>
    public static async Task<DevicePluginServer> StartAsync(string socket, KubeletPlugin plugin, CancellationToken cancel)
    {
        File.Delete(socket);
        var server = new DevicePluginServer(socket, plugin);
        await server._app.StartAsync(cancel);
        return server;
    }

    /// <summary>Ends the streams, then the connections, and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(s_patience))
            await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        File.Delete(_socket);
    }
}
