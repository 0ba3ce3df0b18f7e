using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Fleet;

/// <summary>A pool of equal GPU nodes.</summary>
/// <param name="Name">The value of the node label <c>gpu-pool</c>.</param>
/// <param name="Product">The value of NVIDIA's node label <c>nvidia.com/gpu.product</c>.</param>
/// <param name="MemoryMiB">Memory of one GPU in MiB, as <c>nvidia.com/gpu.memory</c> carries it.</param>
/// <param name="Nodes">Number of nodes.</param>
/// <param name="GpusPerNode">GPUs of each node.</param>
/// <param name="RealNodes">How many of the nodes have a kubelet; the others exist for the scheduler only.</param>
/// <param name="Taint">What keeps pods away that do not tolerate it; null for none.</param>
public sealed record GpuPool(string Name, string Product, int MemoryMiB, int Nodes, int GpusPerNode, int RealNodes, NodeTaint? Taint = null);

/// <summary>One GPU that tenants share in slices.</summary>
/// <param name="Pool">Its node is this pool's first real one.</param>
/// <param name="Product">The product's name.</param>
/// <param name="MemoryMiB">Its memory in MiB.</param>
/// <param name="Shares">How many containers may have a slice at once.</param>
public sealed record SharedCard(GpuPool Pool, string Product, int MemoryMiB, int Shares);

/// <summary>The fleet as fleet-fixtures/fleet.yaml describes it.</summary>
/// <param name="Resource">The extended resource that stands for one GPU.</param>
/// <param name="Pools">The pools in the file's order.</param>
/// <param name="Shared">The GPU that tenants share; null where there is none.</param>
public sealed record FleetFile(string Resource, IReadOnlyList<GpuPool> Pools, SharedCard? Shared = null)
{
    private const string FileName = "fleet-fixtures/fleet.yaml";

    /// <summary>How the API-only nodes are called and tainted; null for this project's own way.</summary>
    public FleetProfile? Profile { get; init; }

    /// <summary>GPUs of the whole fleet.</summary>
    public int Gpus => Pools.Sum(p => p.Nodes * p.GpusPerNode);

    /// <summary>The real nodes, pool by pool, with the names that a cluster of our own gives them.</summary>
    public IReadOnlyList<(GpuPool Pool, string Name)> RealNodes =>
        [.. Pools.SelectMany(p => Enumerable.Range(1, p.RealNodes).Select(i => (p, $"{p.Name}-{i}")))];

    /// <summary>Reads a fleet file.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static FleetFile Read(string path) => Validate(new YamlFile(FileName), f => f.Read(path));

    /// <summary>Reads a fleet file's text.</summary>
    /// <exception cref="BadInputException">It is not as wanted; file and line are named.</exception>
    public static FleetFile Parse(string text) => Validate(new YamlFile(FileName), f => f.Parse(text));

    private static FleetFile Validate(YamlFile file, Func<YamlFile, YamlDotNet.RepresentationModel.YamlMappingNode> read)
    {
        var top = file.Fields(read(file), "fleet", ["resource", "pools"], ["shared"]);
        var pools = new List<GpuPool>();
        foreach (var node in file.Items(top["pools"], "pools"))
        {
            var f = file.Fields(node, "pool", ["name", "product", "memoryMiB", "nodes", "gpusPerNode", "realNodes"], ["taint"]);
            var pool = new GpuPool(file.Text(f["name"], "name"), file.Text(f["product"], "product"), file.Number(f["memoryMiB"], "memoryMiB", 1),
                file.Number(f["nodes"], "nodes", 1), file.Number(f["gpusPerNode"], "gpusPerNode", 1), file.Number(f["realNodes"], "realNodes", 0),
                f.TryGetValue("taint", out var taint) ? NodeTaint.Read(file, taint) : null);
            if (pools.Any(p => p.Name == pool.Name))
                throw file.Error(f["name"], $"pool \"{pool.Name}\" is there twice");
            if (pool.RealNodes > pool.Nodes)
                throw file.Error(f["realNodes"], $"realNodes: at most the pool's {pool.Nodes} nodes can be real, not {pool.RealNodes}");
            if (pool is { Taint: not null, RealNodes: > 0 })
                throw file.Error(f["taint"], $"taint: only for pools whose realNodes is 0, not {pool.RealNodes}");
            pools.Add(pool);
        }

        if (!pools.Any(p => p.RealNodes > 0))
            throw file.Error(top["pools"], "pools: at least one node must be real (realNodes: 1), or no pod ever sees a GPU");
        return new(file.Text(top["resource"], "resource"), pools, top.TryGetValue("shared", out var shared) ? Card(file, shared, pools) : null);
    }

    private static SharedCard Card(YamlFile file, YamlDotNet.RepresentationModel.YamlNode node, List<GpuPool> pools)
    {
        var f = file.Fields(node, "shared", ["pool", "product", "memoryMiB", "shares"]);
        var name = file.Text(f["pool"], "pool");
        var real = pools.Where(p => p.RealNodes > 0).ToList();
        var pool = real.Find(p => p.Name == name)
            ?? throw file.Error(f["pool"], $"pool: \"{name}\" has no real node; pools that have: {string.Join(", ", real.Select(p => p.Name))}");
        return new(pool, file.Text(f["product"], "product"), file.Number(f["memoryMiB"], "memoryMiB", 1), file.Number(f["shares"], "shares", 1));
    }
}
