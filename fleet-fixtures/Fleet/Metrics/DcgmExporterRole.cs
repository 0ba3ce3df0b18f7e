using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.DevicePlugin;
using SecuritySpecs.FleetProgram.Gpus;

namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary><c>fleet dcgm-exporter</c>: the metrics of this node's fake GPUs, as NVIDIA's dcgm-exporter serves them.</summary>
internal sealed class DcgmExporterRole : Role
{
    private const int DefaultPort = 9400;
    private const int MaxGpus = 256;
    private const int MaxMemory = 1024 * 1024;

    public override string Name => "dcgm-exporter";

    public override string Summary => "serve the metrics of this node's GPUs by DCGM's names";

    public override IReadOnlyCollection<string> Options =>
        ["--gpus", "--product", "--memory-mib", "--node", "--port", "--pod-resources", "--scenario", "--scenario-token-file"];

    public override string Help =>
        $$"""
        Usage: fleet dcgm-exporter --gpus N --product NAME --memory-mib N [option ...]

        Answers GET /metrics on all interfaces in Prometheus' text format: DCGM's fields for every GPU of the node, with the labels
        gpu, UUID, pci_bus_id, device, modelName and Hostname, and, where a container holds the GPU, container, namespace and pod.
        The values are made up: a GPU that somebody holds works, any other is idle. GET /health says that it runs. Runs until SIGTERM.

        POST /scenario {"scenario": "xid|thermal|ecc|idle|healthy", "gpu": INDEX} makes one GPU, or without gpu all of them, look so.

          --gpus N         how many GPUs the node has, 1 to {{MaxGpus}}
          --product NAME   the label modelName
          --memory-mib N   memory of one GPU in MiB
          --node NAME      the node's name (default: the environment variable NODE_NAME)
          --port PORT      0 to 65535; 0 is any free one, which the log names (default {{DefaultPort}})
          --pod-resources SOCKET      the kubelet's socket (default {{GpuHolders.DefaultSocket}})
          --scenario off|token|open   who may POST /scenario: nobody (default), who shows the token as 'Authorization: Bearer', everybody
          --scenario-token-file FILE  where the token is
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var node = DevicePluginRole.Node(arguments);
        var gpus = Gpu.OfNode(node, arguments.Number("--gpus", 1, MaxGpus));
        var product = arguments.Text("--product") ?? throw new UsageException("--product is missing");
        var memory = arguments.Number("--memory-mib", 1, MaxMemory);
        var port = arguments.Number("--port", 0, 65535, DefaultPort);
        var alarms = new Alarms(gpus.Count);
        var scenario = Switch(arguments, alarms);
        using var holders = new GpuHolders(arguments.Text("--pod-resources") ?? GpuHolders.DefaultSocket);
        var exported = new ExportedNode(node, product, memory, gpus, alarms);
        await using var app = HttpServers.At(port, context => AnswerAsync(context, scenario, Metrics), kestrel => kestrel.AddServerHeader = false);
        await app.StartAsync(stop);
        Log.Line($"answering on port {app.Port()}");
        await HttpServers.ServeAsync(stop, app);
        return 0;

        Task<string> Metrics(CancellationToken cancel) => MetricsAsync(exported, holders, cancel);
    }

    private static ScenarioSwitch Switch(Arguments arguments, Alarms alarms)
    {
        var guard = arguments.Text("--scenario") switch
        {
            null or "off" => SwitchGuard.Off,
            "token" => SwitchGuard.Token,
            "open" => SwitchGuard.Open,
            var other => throw new UsageException($"--scenario {other}: expected off, token or open"),
        };
        var file = arguments.Text("--scenario-token-file");
        if (guard != SwitchGuard.Token)
            return new ScenarioSwitch(alarms, guard, null);
        if (file is null)
            throw new UsageException("--scenario token wants a --scenario-token-file");
        if (File.ReadAllText(file).Trim().Length == 0)
            throw new FleetException($"{file} is empty: the token must have a character at least");
        return new ScenarioSwitch(alarms, guard, file);
    }

    private static async Task AnswerAsync(HttpContext context, ScenarioSwitch scenario, Func<CancellationToken, Task<string>> metrics)
    {
        var request = context.Request;
        if (request.Path == ScenarioSwitch.Path)
            await scenario.AnswerAsync(context);
        else if (HttpMethods.IsGet(request.Method) && request.Path == "/metrics")
        {
            context.Response.ContentType = Exposition.ContentType;
            await context.Response.WriteAsync(await metrics(context.RequestAborted), context.RequestAborted);
        }
        else if (HttpMethods.IsGet(request.Method) && request.Path == "/health")
            await context.Response.WriteAsync("OK\n", context.RequestAborted);
        else
            context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task<string> MetricsAsync(ExportedNode node, GpuHolders holders, CancellationToken cancel)
    {
        var held = await holders.ReadAsync(cancel);
        var now = DateTimeOffset.UtcNow;
        return Exposition.Of([.. node.Gpus.Select(gpu =>
        {
            var holder = held.GetValueOrDefault(gpu.Uuid);
            return (node.LabelsOf(gpu, holder), new GpuReading(gpu, holder is not null, node.MemoryMiB, node.Alarms[gpu.Index], now));
        })]);
    }
}

/// <summary>The node whose GPUs are served.</summary>
internal sealed record ExportedNode(string Name, string Product, int MemoryMiB, IReadOnlyList<Gpu> Gpus, Alarms Alarms)
{
    /// <summary>DCGM's labels of a GPU, and those of who holds it.</summary>
    public IReadOnlyList<(string Name, string Value)> LabelsOf(Gpu gpu, Holder? holder)
    {
        var index = gpu.Index.ToString(CultureInfo.InvariantCulture);
        List<(string, string)> labels =
        [
            ("gpu", index), ("UUID", gpu.Uuid), ("pci_bus_id", string.Create(CultureInfo.InvariantCulture, $"{gpu.Index / 32:X8}:{7 + 8 * (gpu.Index % 32):X2}:00.0")),
            ("device", "nvidia" + index), ("modelName", Product), ("Hostname", Name),
        ];
        if (holder is not null)
            labels.AddRange([("container", holder.Container), ("namespace", holder.Namespace), ("pod", holder.Pod)]);
        return labels;
    }
}
