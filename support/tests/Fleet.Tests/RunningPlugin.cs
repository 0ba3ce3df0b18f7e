using Grpc.Net.Client;
using SecuritySpecs.FleetProgram.Kube;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A device plugin, registered with a kubelet of its own.</summary>
internal sealed class RunningPlugin : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestFolder _state = new();
    private GrpcChannel? _channel;

    private RunningPlugin(int gpus, string node)
    {
        Kubelet = new FakeKubelet(_folder.Path);
        Arguments = ["device-plugin", "--gpus", $"{gpus}", "--node", node, "--plugin-dir", _folder.Path, "--state-dir", _state.Path];
    }

    public FakeKubelet Kubelet { get; private set; }

    public FleetProcess Process { get; private set; } = null!;

    /// <summary>Calls the plugin as the kubelet does.</summary>
    public DevicePlugin.DevicePluginClient Client { get; private set; } = null!;

    public string Socket { get; private set; } = "";

    private string[] Arguments { get; }

    public static async Task<RunningPlugin> StartAsync(int gpus = 8, string node = "a100-1")
    {
        var plugin = new RunningPlugin(gpus, node);
        await plugin.Kubelet.StartAsync();
        plugin.Process = FleetProcess.Start(plugin.Arguments);
        await plugin.ConnectAsync();
        await plugin.Process.SaysAsync("registered"); // it has the kubelet's answer, so that a test may end that kubelet
        return plugin;
    }

    /// <summary>Ends the kubelet and starts another; ready when the plugin has registered with that one.</summary>
    public async Task RestartKubeletAsync()
    {
        await Kubelet.DisposeAsync();
        Kubelet = new FakeKubelet(_folder.Path);
        await Kubelet.StartAsync();
        await ConnectAsync();
    }

    /// <summary><c>fleet gpu ...</c> beside this plugin.</summary>
    public Task<FleetResult> GpuAsync(params string[] args) => FleetProcess.RunAsync(["gpu", .. args, "--state-dir", _state.Path]);

    /// <summary>The UUIDs by index.</summary>
    public async Task<string[]> UuidsAsync()
    {
        var list = await GpuAsync("list");
        return [.. JsonDocument.Parse(list.Output).RootElement.EnumerateArray().Select(g => g.GetProperty("uuid").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Kubelet.DisposeAsync();
        _channel?.Dispose();
        _folder.Dispose();
        _state.Dispose();
    }

    private async Task ConnectAsync()
    {
        var registration = await Kubelet.RegisteredAsync(Process);
        Socket = _folder.File(registration.Endpoint);
        _channel?.Dispose();
        _channel = GrpcSocket.Channel(Socket);
        Client = new DevicePlugin.DevicePluginClient(_channel);
    }
}
