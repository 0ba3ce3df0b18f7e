using Grpc.Net.Client;
using SecuritySpecs.FleetProgram.Kube;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A plugin that shares one GPU on node <c>n</c>, with a kubelet and an API server of its own.</summary>
internal sealed class RunningVgpuPlugin : IAsyncDisposable
{
    private readonly TestFolder _plugins = new();
    private readonly FakeKubelet _kubelet;
    private GrpcChannel? _channel;

    private RunningVgpuPlugin() => _kubelet = new FakeKubelet(_plugins.Path);

    public TestFolder Host { get; } = new();

    public FakeApi Api { get; private set; } = null!;

    public FleetProcess Process { get; private set; } = null!;

    /// <summary>Calls the plugin as the kubelet does.</summary>
    public DevicePlugin.DevicePluginClient Client { get; private set; } = null!;

    public RegisterRequest Registration { get; private set; } = null!;

    public string Uuid { get; private set; } = "";

    public static async Task<RunningVgpuPlugin> StartAsync(int memoryMiB = 10000, int shares = 10)
    {
        var plugin = new RunningVgpuPlugin { Api = await FakeApi.StartAsync("n") };
        await plugin._kubelet.StartAsync();
        plugin.Process = FleetProcess.Start("vgpu-plugin", "--memory-mib", $"{memoryMiB}", "--shares", $"{shares}", "--index", "8", "--product", "NVIDIA-A10",
            "--node", "n", "--plugin-dir", plugin._plugins.Path, "--host-dir", plugin.Host.Path, "--api", plugin.Api.Url);
        plugin.Registration = await plugin._kubelet.RegisteredAsync(plugin.Process);
        plugin._channel = GrpcSocket.Channel(plugin._plugins.File(plugin.Registration.Endpoint));
        plugin.Client = new DevicePlugin.DevicePluginClient(plugin._channel);
        plugin.Uuid = (string)JsonNode.Parse(plugin.Register)![0]!["id"]!;
        return plugin;
    }

    /// <summary>What the plugin wrote on its node.</summary>
    public string Register => (string)Api.Node("n")["metadata"]!["annotations"]!["hami.io/node-nvidia-register"]!;

    /// <summary>Runs a job to its end as in a container with a share.</summary>
    public async Task<FleetResult> JobAsync(int memoryMiB, string? limit = null, bool hamiCore = true)
    {
        await using var job = StartJob(memoryMiB, limit, hamiCore);
        return await job.EndAsync();
    }

    /// <summary>Starts a job as in a container with a share.</summary>
    public FleetProcess StartJob(int memoryMiB, string? limit = null, bool hamiCore = true, params string[] more)
    {
        var environment = new Dictionary<string, string> { ["NVIDIA_VISIBLE_DEVICES"] = Uuid };
        if (limit is not null)
            environment["CUDA_DEVICE_MEMORY_LIMIT_0"] = limit;
        return FleetProcess.Start(environment, ["gpu-job", "--memory-mib", $"{memoryMiB}", "--gpu-dir", Host.File("memory"), "--preload", Host.File(hamiCore ? "ld.so.preload" : "none"), .. more]);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await _kubelet.DisposeAsync();
        await Api.DisposeAsync();
        _channel?.Dispose();
        _plugins.Dispose();
        Host.Dispose();
    }
}
