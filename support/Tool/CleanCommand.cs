using SecuritySpecs.Cluster;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Tool;

/// <summary>Removes what runs left behind, and prints what it removed.</summary>
internal static class CleanCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        var run = arguments.One("--run");
        var removed = new List<string>(await Leftovers.RemoveContainersAsync(run));
        if (arguments.Has("--kept") && await KeptCluster.RemoveAllAsync() is > 0 and var kept)
            removed.Add($"{kept} kept container(s)");
        if (arguments.One("--cluster") is { } option && option != RunOptions.K3s)
        {
            await using var cluster = ExistingCluster.FromKubeconfig(option);
            using var admin = new KubeApi(cluster.Admin, "platform admin");
            await Platform.VersionAsync(admin, cluster);
            await using var lifecycle = await ClusterLease.TakeLifecycleAsync(admin, run ?? "clean");
            removed.AddRange(await Leftovers.RemoveObjectsAsync(admin, run, shared: true));
        }

        foreach (var line in removed)
            Console.WriteLine($"Removed {line}");
        return 0;
    }
}
