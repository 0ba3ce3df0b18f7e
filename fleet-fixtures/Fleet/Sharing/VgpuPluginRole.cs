using SecuritySpecs.FleetProgram.DevicePlugin;
using SecuritySpecs.FleetProgram.Gpus;

namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary><c>fleet vgpu-plugin</c>: offers one fake GPU in shares to the kubelet of this node, as HAMi's device plugin does.</summary>
internal sealed class VgpuPluginRole : Role
{
    private const string DefaultHostDirectory = "/run/fleet-vgpu";
    private const string DefaultProduct = "NVIDIA";
    private const int DefaultShares = 10;
    private const int MaxShares = 256;
    private const int MaxIndex = 255;
    private const int MaxMiB = 16 * 1024 * 1024;
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    public override string Name => "vgpu-plugin";

    public override string Summary => "offer one fake GPU in shares (HAMi's device plugin)";

    public override IReadOnlyCollection<string> Options =>
        ["--memory-mib", "--shares", "--index", "--product", "--resource", "--plugin-dir", "--node", "--host-dir", KubeClient.Option];

    public override string Help =>
        $"""
        Usage: fleet vgpu-plugin --memory-mib N [option ...]

        Registers the GPU on its node ({Hami.Register}) and its shares with the kubelet. A container that is given a
        share finds in its environment the slice that HAMi's scheduler wrote on its pod, and as mounts the GPU's memory and
        {Hami.Preload}, which loads HAMi-core; the latter not where the container sets {Hami.DisableVariable}=true.
        A pod that no HAMi scheduler placed is refused. Runs until SIGTERM.

          --memory-mib N    memory of the GPU
          --shares N        how many containers may share it, 1 to {MaxShares} (default {DefaultShares}, as HAMi's)
          --index N         the GPU's place in the node (default 0); with the node's name it makes the UUID
          --product NAME    what the GPU is called on the node (default {DefaultProduct})
          --resource NAME   what the shares are called (default {Hami.DefaultResource})
          --plugin-dir DIR  the kubelet's folder for plugins (default {DevicePluginRole.DefaultDirectory})
          --node NAME       the node's name (default: the environment variable NODE_NAME)
          --host-dir DIR    what containers get mounted; the same path on the host (default {DefaultHostDirectory})
          {KubeClient.Option} URL         the API server (default: the cluster that this pod is in)
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var node = DevicePluginRole.Node(arguments);
        var index = arguments.Number("--index", 0, MaxIndex, 0);
        var gpu = new SharedGpu(Gpu.OfNode(node, index + 1)[index].Uuid, index, arguments.Number("--shares", 1, MaxShares, DefaultShares),
            arguments.Number("--memory-mib", 1, MaxMiB), arguments.Text("--product") ?? DefaultProduct);
        var resource = DevicePluginRole.Resource(arguments, Hami.DefaultResource);
        var directory = DevicePluginRole.PluginDirectory(arguments);
        var host = new HostFolder(arguments.Text("--host-dir") ?? DefaultHostDirectory);
        using var api = KubeClient.Open(arguments.Text(KubeClient.Option));
        host.Prepare();
        await using var broker = MemoryBroker.Start(gpu, Path.Combine(host.Memory, GpuJobRole.SocketName));
        await RegisterAsync(api, node, gpu, stop);
        using var service = new VgpuPluginService(gpu, node, api, host);
        await new Plugin(resource, directory, service).RunAsync(stop);
        return 0;
    }

    private static async Task RegisterAsync(KubeClient api, string node, SharedGpu gpu, CancellationToken stop)
    {
        var annotation = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Hami.Register] = gpu.Encode() } } };
        while (true)
        {
            try
            {
                await api.PatchAsync($"/api/v1/nodes/{node}", annotation, stop);
                Log.Line($"registered {gpu.Uuid} on node {node}: {gpu.Shares} shares of {gpu.MemoryMiB} MiB");
                return;
            }
            catch (KubeException e)
            {
                Log.Line($"waiting to register on the node: {e.Message}");
                await Task.Delay(s_retry, stop);
            }
        }
    }
}
