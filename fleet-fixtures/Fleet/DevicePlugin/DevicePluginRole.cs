using SecuritySpecs.FleetProgram.Gpus;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary><c>fleet device-plugin</c>: offers fake GPUs to the kubelet of this node.</summary>
internal sealed class DevicePluginRole : Role
{
    private const string DefaultResource = "nvidia.com/gpu";
    /// <summary>The kubelet's folder for plugins.</summary>
    public const string DefaultDirectory = "/var/lib/kubelet/device-plugins";
    private const int MaxGpus = 256;

    public override string Name => "device-plugin";

    public override string Summary => "offer fake GPUs to this node's kubelet (device-plugin API v1beta1)";

    public override IReadOnlyCollection<string> Options => ["--gpus", "--resource", "--plugin-dir", "--node", GpuState.Option];

    public override string Help =>
        $"""
        Usage: fleet device-plugin --gpus N [option ...]

        Registers with the kubelet, and again whenever the kubelet restarts; runs until SIGTERM. A container that is
        given GPUs finds their UUIDs in {DevicePluginService.VisibleDevices}. The UUIDs follow from node name and index.
        Where the kubelet may choose, it is told to take the lowest indexes.

          --gpus N          how many GPUs the node has, 1 to {MaxGpus}
          --resource NAME   what they are called (default {DefaultResource})
          --plugin-dir DIR  the kubelet's folder for plugins (default {DefaultDirectory})
          --node NAME       the node's name (default: the environment variable NODE_NAME)
          {GpuState.Option} DIR   where `fleet gpu` finds the GPUs (default {GpuState.DefaultDirectory})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var gpus = Gpu.OfNode(Node(arguments), arguments.Number("--gpus", 1, MaxGpus));
        var resource = Resource(arguments, DefaultResource);
        var directory = PluginDirectory(arguments);
        var state = new GpuState(arguments.Text(GpuState.Option) ?? GpuState.DefaultDirectory);
        state.Publish(gpus);
        await new Plugin(resource, directory, new DevicePluginService(gpus, state)).RunAsync(stop);
        return 0;
    }

    /// <summary>The node's name by <c>--node</c> or the environment.</summary>
    public static string Node(Arguments arguments) =>
        arguments.Text("--node") is { Length: > 0 } name ? name
        : Environment.GetEnvironmentVariable("NODE_NAME") is { Length: > 0 } variable ? variable
        : throw new UsageException("the node has no name: give --node NAME or set NODE_NAME");

    /// <summary>The resource by <c>--resource</c>.</summary>
    public static string Resource(Arguments arguments, string byDefault)
    {
        var resource = arguments.Text("--resource") ?? byDefault;
        return resource.Split('/') is [{ Length: > 0 }, { Length: > 0 }]
            ? resource
            : throw new UsageException($"--resource {resource}: expected DOMAIN/NAME like {byDefault}");
    }

    /// <summary>The kubelet's folder by <c>--plugin-dir</c>.</summary>
    public static string PluginDirectory(Arguments arguments)
    {
        var directory = arguments.Text("--plugin-dir") ?? DefaultDirectory;
        return Directory.Exists(directory) ? directory
            : throw new FleetException($"{directory} does not exist: the kubelet makes it; mount it here or name another with --plugin-dir");
    }
}
