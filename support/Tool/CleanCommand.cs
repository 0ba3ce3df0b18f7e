using SecuritySpecs.Kube;

namespace SecuritySpecs.Tool;

/// <summary><c>specs clean</c>: removes what runs left behind.</summary>
internal static class CleanCommand
{
    public static async Task<int> RunAsync(bool withCache)
    {
        var options = RunOptions.FromEnvironment();
        await RemoveAsync(options.Cluster, Console.Out);
        if (await ContainerEngine.DescribeAsync() is null)
            Console.WriteLine("No container engine answers, so no container of a run is up.");
        else if (await KeptCluster.RemoveAllAsync() is > 0 and var kept)
            Console.WriteLine($"Removed {kept} kept container(s)");
        if (!withCache)
            return 0;
        foreach (var image in await ContainerEngine.BuiltImagesAsync())
            Console.WriteLine(await ContainerEngine.RemoveImageAsync(image) ? $"Removed image {image}" : $"Left image {image}: it is in use");
        if (Directory.Exists(RunOptions.CacheFolder))
            Directory.Delete(RunOptions.CacheFolder, recursive: true);
        File.Delete(Path.Combine(options.Root, ".local-reqnroll-nunit"));
        Console.WriteLine($"Removed {RunOptions.CacheFolder} and .local-reqnroll-nunit.");
        return 0;
    }

    /// <summary>Removes what runs that have ended left, and one run in any case; prints what that was.</summary>
    /// <param name="cluster">Whose objects; containers are removed whatever it is.</param>
    /// <param name="to">Where to print.</param>
    /// <param name="run">That one run; null for none.</param>
    public static async Task RemoveAsync(string cluster, TextWriter to, string? run = null)
    {
        var removed = await Leftovers.RemoveContainersAsync(run);
        var objects = new RemovedObjects();
        if (cluster != RunOptions.K3s)
        {
            await using var existing = ExistingCluster.FromKubeconfig(cluster);
            using var admin = new KubeApi(existing.Admin, "platform admin");
            await Platform.VersionAsync(admin, existing);
            await using var lifecycle = await ClusterLease.TakeLifecycleAsync(admin, run ?? "clean");
            objects = await Leftovers.RemoveObjectsAsync(admin, run, shared: true);
        }

        foreach (var line in removed.Concat(objects.Removed))
            await to.WriteLineAsync($"Removed {line}");
        objects.OrThrow();
    }
}
