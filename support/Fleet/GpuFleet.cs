namespace SecuritySpecs.Fleet;

/// <summary>
/// The GPU fleet on a cluster: a device plugin on the real nodes, and API-only nodes for the rest of fleet.yaml.
/// On a cluster that already has GPUs nothing is deployed and its own GPUs take part.
/// </summary>
public sealed class GpuFleet : IAsyncDisposable
{
    /// <summary>The namespace of what runs share on a cluster: the device plugin.</summary>
    public const string Namespace = "security-specs-fleet";

    /// <summary>On real nodes: the pool whose GPUs our device plugin advertises.</summary>
    public const string RealNodeLabel = "security.specs/real-gpu-node";

    /// <summary>On every node of the fleet: its pool.</summary>
    public const string PoolLabel = "gpu-pool";
    private const string ProductLabel = "nvidia.com/gpu.product";
    private const string MemoryLabel = "nvidia.com/gpu.memory";
    private const string CountLabel = "nvidia.com/gpu.count";

    /// <summary>The labels of a node that are about its GPUs.</summary>
    public static readonly IReadOnlyList<string> GpuLabels = [PoolLabel, ProductLabel, MemoryLabel, CountLabel];

    /// <summary>All labels that the fleet puts on real nodes.</summary>
    public static readonly IReadOnlyList<string> NodeLabels = [RealNodeLabel, .. GpuLabels];

    /// <summary>The domain of the GPUs that tenants make up (workloads/false-device-plugin.yaml); the name after it is the tenant's namespace.</summary>
    public const string FalseGpuDomain = "false.example/";

    private const string PluginLabel = "app.kubernetes.io/name=fleet-device-plugin";
    private readonly KubeApi _admin;
    private readonly RunManifests _run;
    private readonly Func<Task> _removeDeadRuns;
    private readonly FleetFile _file;
    private readonly ApiOnlyNodes _apiOnly;
    private readonly List<string> _realNodes = [];
    private IReadOnlyList<string> _othersApiOnly = [];

    private GpuFleet(KubeApi admin, RunManifests run, FleetFile file, Func<Task> removeDeadRuns)
    {
        (_admin, _run, _file, _removeDeadRuns) = (admin, run, file, removeDeadRuns);
        _apiOnly = new(admin, run.Id, file.Profile);
    }

    /// <summary>The extended resource that stands for one GPU.</summary>
    public string Resource => _file.Resource;

    /// <summary>Whether the GPUs come from our device plugin: then their health can be switched and the whole fleet may be filled.</summary>
    public bool IsOurs { get; private set; }

    /// <summary>GPUs allocatable on all nodes that take part.</summary>
    public int Gpus { get; private set; }

    /// <summary>A number of GPUs by which every node of the fleet can be filled exactly.</summary>
    public int SmallestShare => _file.Pools.Select(p => p.GpusPerNode).Aggregate((a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));

    /// <summary>The taints of the fleet's pools.</summary>
    public IReadOnlyList<NodeTaint> PoolTaints => [.. _file.Pools.Select(p => p.Taint).OfType<NodeTaint>()];

    /// <summary>The API-only nodes of a pool.</summary>
    /// <param name="pool">The pool's name in fleet.yaml.</param>
    public IReadOnlyList<string> ApiOnlyNodesOf(string pool) => _apiOnly.NamesOf(pool);

    /// <summary>The taint of the API-only nodes.</summary>
    public NodeTaint ApiOnlyTaint => _apiOnly.Taint;

    /// <summary>The pool that a node is of.</summary>
    public async Task<string?> PoolOfAsync(string node) => (string?)(await _admin.GetUnrecordedAsync($"/api/v1/nodes/{node}")).OrThrow().Body!["metadata"]!["labels"]?[PoolLabel];

    /// <summary>The real GPU node on which attacks and their positive twins run.</summary>
    /// <exception cref="InvalidOperationException">There is no GPU node.</exception>
    public string NodeUnderTest => _realNodes.Count > 0 ? _realNodes[0] : throw new InvalidOperationException("There is no GPU node.");

    /// <summary>The GPU that tenants share, as fleet.yaml has it; null where it has none.</summary>
    public SharedCard? SharedCard => _file.Shared;

    /// <summary>The first real node of a pool of ours.</summary>
    public string NodeOf(GpuPool pool) => _realNodes[_file.RealNodes.ToList().FindIndex(n => n.Pool == pool)];

    /// <summary>The pools that have real nodes; the first one's first is the node under test.</summary>
    public IReadOnlyList<GpuPool> RealPools => [.. _file.RealNodes.Select(n => n.Pool).Distinct()];

    /// <summary>The node under test, or any real node where there is no GPU node.</summary>
    public Placement NodeUnderTestOrAny => _realNodes.Count > 0 ? Placement.On(_realNodes[0]) : Placement.AnyRealNode;

    /// <summary>Shares the GPUs of <see cref="NodeUnderTest"/>; null as long as there is no GPU node at all.</summary>
    public GpuGate? Gate { get; private set; }

    /// <summary>For the report.</summary>
    public FleetInfo Info => new(Gpus, _realNodes, [.. _apiOnly.Names, .. _othersApiOnly]);

    /// <summary>Brings the fleet up and waits until all of its GPUs are allocatable.</summary>
    /// <param name="admin">The administrator.</param>
    /// <param name="run">The run.</param>
    /// <param name="file">What fleet.yaml says.</param>
    /// <param name="removeDeadRuns">Removes what runs left that are no longer alive.</param>
    /// <exception cref="TimeoutException">They did not become allocatable in time.</exception>
    public static async Task<GpuFleet> DeployAsync(KubeApi admin, RunManifests run, FleetFile file, Func<Task> removeDeadRuns)
    {
        var fleet = new GpuFleet(admin, run, file, removeDeadRuns);
        var others = (await fleet.NodesAsync()).Where(n => n["metadata"]!["labels"]?[RealNodeLabel] is null && n["metadata"]!["labels"]?[RunLabels.Run] is null && fleet.Allocatable(n) > 0 && IsReady(n))
            .ToLookup(fleet.IsKnownAsApiOnly);
        fleet._othersApiOnly = [.. others[true].Select(n => (string)n["metadata"]!["name"]!)];
        var foreign = others[false].ToList();
        if (foreign.Count > 0)
            fleet.UseForeign(foreign);
        else if (run.FleetImage is not null)
            await fleet.DeployOwnAsync(run.FleetImage);
        return fleet;
    }

    /// <summary>GPUs allocatable on a node.</summary>
    public async Task<int> AllocatableAsync(string node) => Allocatable((await _admin.GetUnrecordedAsync($"/api/v1/nodes/{node}")).OrThrow().Body!);

    /// <summary>The nodes that take part as they are now, and who holds GPUs of theirs.</summary>
    /// <param name="who">Whose pods a namespace holds, in words.</param>
    public async Task<IReadOnlyList<FleetNode>> LookAsync(Func<string, string> who)
    {
        var ours = _realNodes.Concat(Info.ApiOnlyNodes).ToHashSet();
        var pods = (await _admin.GetUnrecordedAsync($"/api/v1/pods?fieldSelector={Uri.EscapeDataString("spec.nodeName!=")}")).OrThrow().Items.Select(p => p!);
        return FleetLook.Of((await NodesAsync()).Where(n => ours.Contains((string)n["metadata"]!["name"]!)), pods, Resource, _realNodes, who);
    }

    /// <summary>Lists the GPUs that the device plugin of the node under test advertises.</summary>
    public async Task<IReadOnlyList<string>> GpuIdsAsync()
    {
        var list = await PluginAsync("fleet", "gpu", "list");
        return [.. JsonNode.Parse(list)!.AsArray().Select(g => (string)g!["uuid"]!)];
    }

    /// <summary>Makes a GPU of the node under test healthy or unhealthy, as a driver would report it.</summary>
    public Task SwitchHealthAsync(string uuid, bool healthy) => PluginAsync("fleet", "gpu", "health", uuid, healthy ? "healthy" : "unhealthy");

    /// <summary>Removes the API-only nodes. What runs share goes with the last run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _apiOnly.DisposeAsync();
        Gate?.Dispose();
    }

    // Somebody else's: no pod runs there, however ready it says it is.
    private bool IsKnownAsApiOnly(JsonNode node) =>
        _file.Profile?.Taint is { } taint && (node["spec"]!["taints"]?.AsArray() ?? []).Any(t => (string?)t!["key"] == taint.Key && (string?)t["value"] == taint.Value);

    private void UseForeign(List<JsonNode> nodes)
    {
        var best = nodes.OrderByDescending(Allocatable).ToList();
        _realNodes.AddRange(best.Select(n => (string)n["metadata"]!["name"]!));
        Gpus = nodes.Sum(Allocatable);
        Gate = new(_admin, _run.Id, Allocatable(best[0]));
    }

    private async Task DeployOwnAsync(string image)
    {
        IsOurs = true;
        var candidates = await RealNodeCandidatesAsync();
        var wanted = _file.RealNodes;
        if (candidates.Count < wanted.Count)
            throw new EnvironmentException($"fleet.yaml asks for {wanted.Count} real nodes, but the cluster has {candidates.Count} that are Ready and take ordinary pods.");
        await Task.WhenAll(_file.Pools.Select(p => _apiOnly.AddAsync(p, Resource)));
        foreach (var ((pool, _), node) in wanted.Zip(candidates))
        {
            _realNodes.Add(node);
            await LabelAsync(node, pool);
        }

        foreach (var pool in wanted.Select(w => w.Pool).Distinct())
            await DeployPluginAsync(pool, image);
        Gpus = _file.Gpus;
        await Poll.UntilAsync($"{_file.Gpus} allocatable {Resource} on the {_file.Pools.Sum(p => p.Nodes)} nodes of fleet.yaml", OurGpusAsync,
            n => n.Sum(x => x.Value) == _file.Gpus, n => string.Join(", ", n.Select(x => $"{x.Key}: {x.Value}")), TimeSpan.FromSeconds(60));
        Gate = new(_admin, _run.Id, wanted[0].Pool.GpusPerNode, () => FreeDeadRunsPodsAsync(NodeUnderTest));
    }

    /// <summary>A run that was killed holds its GPUs until its leases run out: then its pods are removed, and their end on a node is awaited.</summary>
    internal async Task FreeDeadRunsPodsAsync(string node)
    {
        await _removeDeadRuns();
        var live = await ClusterLease.LiveRunsAsync(_admin);
        await Poll.UntilAsync("the pods of dead runs to be gone", () => _admin.GetUnrecordedAsync($"/api/v1/pods?labelSelector={Uri.EscapeDataString(RunLabels.Run)}&fieldSelector=spec.nodeName={node}"),
            a => a.OrThrow().Items.All(p => live.Contains(RunOf(p!))),
            a => string.Join(", ", a.Items.Where(p => !live.Contains(RunOf(p!))).Select(p => $"{RunOf(p!)}: {(string)p!["metadata"]!["name"]!}")));
        // Removed by force, they may run on for a moment.
        var kubelet = new KubeletPods(_admin, node);
        await Poll.UntilAsync("the pods of dead runs to have ended", kubelet.WithoutObjectAsync, p => p.Count == 0, p => string.Join(", ", p));
    }

    private static string RunOf(JsonNode @object) => (string)@object["metadata"]!["labels"]![RunLabels.Run]!;

    // A run that was killed may have left a GPU unhealthy. Under the lease, so that no scenario of another run is about it.
    private async Task HealAsync()
    {
        await using var lease = await ClusterLease.TakeAsync(_admin, "gpus", _run.Id, TimeSpan.FromMinutes(5));
        foreach (var gpu in JsonNode.Parse(await PluginAsync("fleet", "gpu", "list"))!.AsArray())
        {
            if ((string?)gpu!["health"] == "unhealthy")
                await SwitchHealthAsync((string)gpu["uuid"]!, healthy: true);
        }
    }

    /// <summary>The GPUs that each node of ours offers now.</summary>
    internal async Task<IReadOnlyDictionary<string, int>> OurGpusAsync()
    {
        var ours = _realNodes.Concat(_apiOnly.Names).ToHashSet();
        return (await NodesAsync()).Where(n => ours.Contains((string)n["metadata"]!["name"]!))
            .ToDictionary(n => (string)n["metadata"]!["name"]!, Allocatable);
    }

    // Nodes that carry the label already come first: another run on this cluster uses them too.
    private async Task<IReadOnlyList<string>> RealNodeCandidatesAsync() =>
        [.. (await NodesAsync())
            .Where(n => n["metadata"]!["labels"]?[RunLabels.Run] is null && IsReady(n)
                && !(n["spec"]!["taints"]?.AsArray() ?? []).Any(t => (string?)t!["effect"] is "NoSchedule" or "NoExecute"))
            .OrderByDescending(n => n["metadata"]!["labels"]?[RealNodeLabel] is not null)
            .ThenBy(n => (string)n["metadata"]!["name"]!, StringComparer.Ordinal)
            .Select(n => (string)n["metadata"]!["name"]!)];

    /// <summary>The labels by which GPU feature discovery describes a node of a pool.</summary>
    public static JsonObject LabelsOf(GpuPool pool) => new()
    {
        [PoolLabel] = pool.Name, [ProductLabel] = pool.Product,
        [MemoryLabel] = pool.MemoryMiB.ToString(CultureInfo.InvariantCulture), [CountLabel] = pool.GpusPerNode.ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsReady(JsonNode node) => node["spec"]!["unschedulable"] is null
        && (node["status"]!["conditions"]?.AsArray() ?? []).Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True");

    private async Task LabelAsync(string node, GpuPool pool)
    {
        var labels = LabelsOf(pool);
        labels[RealNodeLabel] = pool.Name;
        (await _admin.PatchAsync($"/api/v1/nodes/{node}", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } })).OrThrow();
    }

    private static string PluginOf(GpuPool pool) => $"device-plugin-{pool.Name}";

    private async Task DeployPluginAsync(GpuPool pool, string image)
    {
        var manifest = _run.Load("workloads/device-plugin.yaml", new Dictionary<string, string>
        {
            ["NAMESPACE"] = Namespace, ["NAME"] = PluginOf(pool), ["POOL"] = pool.Name, ["IMAGE"] = image,
            ["GPUS"] = pool.GpusPerNode.ToString(CultureInfo.InvariantCulture),
        });
        var resources = new ApiResources(_admin);
        foreach (var @object in manifest.Objects)
        {
            var collection = await resources.CollectionAsync(@object);
            var answer = await _admin.PostAsync(collection, @object);
            var path = $"{collection}/{(string)@object["metadata"]!["name"]!}";
            var isThere = answer.Code == 409; // another run has deployed it: shared, and equal unless that run was of another version
            if (isThere)
                answer = await _admin.PatchAsync(path, @object);
            answer.OrThrow();
            await AwaitRolloutAsync(_admin, path);
            if (isThere)
                await HealAsync();
        }
    }

    /// <summary>Whether our device plugin runs on every real node.</summary>
    internal async Task<bool> HasPluginsAsync()
    {
        var sets = await Task.WhenAll(RealPools.Select(p => _admin.GetUnrecordedAsync($"/apis/apps/v1/namespaces/{Namespace}/daemonsets/{PluginOf(p)}")));
        return sets.All(s => s.Code != 404 && IsRolledOut(s.OrThrow().Body!));
    }

    /// <summary>Waits until a DaemonSet runs on its nodes as it is now.</summary>
    /// <exception cref="TimeoutException">It does not within two minutes.</exception>
    internal static Task AwaitRolloutAsync(KubeApi admin, string daemonSet) => Poll.UntilAsync($"{daemonSet} to be rolled out", () => admin.GetUnrecordedAsync(daemonSet),
        a => IsRolledOut(a.OrThrow().Body!), a => a.Body!["status"]?.ToJsonString() ?? "no status", TimeSpan.FromSeconds(120));

    /// <summary>Whether a DaemonSet runs on its nodes as it is now.</summary>
    internal static bool IsRolledOut(JsonNode daemonSet)
    {
        int Of(string field) => (int?)daemonSet["status"]?[field] ?? 0;
        return Of("observedGeneration") >= (int)daemonSet["metadata"]!["generation"]! && Of("desiredNumberScheduled") > 0
            && Of("updatedNumberScheduled") == Of("desiredNumberScheduled") && Of("numberReady") == Of("desiredNumberScheduled");
    }

    private async Task<string> PluginAsync(params string[] command)
    {
        var pods = (await _admin.GetUnrecordedAsync($"/api/v1/namespaces/{Namespace}/pods?labelSelector={Uri.EscapeDataString(PluginLabel)}&fieldSelector=spec.nodeName={NodeUnderTest}"))
            .OrThrow().Items;
        var pod = pods.FirstOrDefault(p => p!["metadata"]!["deletionTimestamp"] is null) ?? throw new InvalidOperationException($"No device plugin runs on {NodeUnderTest}.");
        var outcome = await _admin.ExecAsync(Namespace, (string)pod["metadata"]!["name"]!, (string)pod["spec"]!["containers"]![0]!["name"]!, command);
        return outcome.ExitCode == 0 ? outcome.Stdout
            : throw new InvalidOperationException($"{string.Join(' ', command)} in the device plugin ended with {outcome.ExitCode}: {outcome.Stderr}");
    }

    private async Task<IReadOnlyList<JsonNode>> NodesAsync() =>
        [.. (await _admin.GetUnrecordedAsync("/api/v1/nodes")).OrThrow().Items.Select(n => n!)];

    private int Allocatable(JsonNode node) => GpuQuotas.Allocatable(node, Resource);
}
