namespace SecuritySpecs.Tool;

/// <summary><c>specs clean</c>: removes what runs left behind.</summary>
internal static class CleanCommand
{
    public static async Task<int> RunAsync(bool withCache, bool dryRun)
    {
        var options = RunOptions.FromEnvironment();
        var word = dryRun ? "Would remove" : "Removed";
        var removed = new List<string>(await RemoveAsync(options, Console.Out, dryRun: dryRun));
        if (await ContainerEngine.DescribeAsync() is null)
            Console.WriteLine("No container engine answers, so no container of a run is up.");
        else
            await RemoveKeptAsync(dryRun, Tell);
        if (withCache)
            await RemoveCacheAsync(options, dryRun, Tell);
        if (removed.Count == 0)
            Console.WriteLine("Nothing to remove.");
        return 0;

        void Tell(string what)
        {
            removed.Add(what);
            Console.WriteLine($"{word} {what}");
        }
    }

    /// <summary>Removes what runs that have ended left, and one run in any case; prints what that was.</summary>
    /// <param name="options">Whose objects: those of the cluster that it names; of kept ones only those of that one run. Containers go whatever it is.</param>
    /// <param name="to">Where to print.</param>
    /// <param name="run">That one run; null for none.</param>
    /// <param name="dryRun">Whether to look only.</param>
    /// <returns>What was removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAsync(RunOptions options, TextWriter to, string? run = null, bool dryRun = false)
    {
        var removed = new List<string>(await Leftovers.RemoveContainersAsync(run, dryRun));
        var objects = new RemovedObjects();
        await using var cluster = await StayingClusterAsync(options, run);
        if (cluster is not null)
        {
            using var admin = new KubeApi(cluster.Admin, "platform admin");
            await Platform.VersionAsync(admin, cluster);
            await using var lifecycle = dryRun ? null : await ClusterLease.TakeLifecycleAsync(admin, run ?? "clean");
            // A kept cluster keeps its device plugin for the next run.
            objects = await Leftovers.RemoveObjectsAsync(admin, run, shared: cluster is ExistingCluster, dryRun);
            if (run is not null)
                await Leftovers.AwaitNamespacesAsync(admin, run);
        }

        removed.AddRange(objects.Removed);
        foreach (var line in removed)
            await to.WriteLineAsync($"{(dryRun ? "Would remove" : "Removed")} {line}");
        objects.OrThrow();
        return removed;
    }

    // The cluster that a run does not end with; one that is kept is looked after by the next run, or goes as a whole.
    private static async Task<ICluster?> StayingClusterAsync(RunOptions options, string? run) =>
        options.Cluster != RunOptions.K3s ? ExistingCluster.FromKubeconfig(options.Cluster)
        : run is not null && options.Reuse ? await KeptCluster.FindAsync(KeptCluster.Recipe(options))
        : null;

    private static async Task RemoveKeptAsync(bool dryRun, Action<string> tell)
    {
        var containers = await RunContainer.AllAsync();
        var stay = new List<string>();
        // Of a cluster with several containers the server's tells for all.
        foreach (var cluster in containers.Where(c => c.State == ContainerState.Kept).GroupBy(c => c.Run))
        {
            var live = await KeptCluster.LiveRunsAsync(cluster.First(c => KeptCluster.IsKnown(c.Id)).Id);
            if (live.Count > 0)
            {
                stay.AddRange(cluster.Select(c => c.Id));
                Console.WriteLine($"Left container {cluster.First().Id[..12]} of a cluster that this user keeps: run {string.Join(", ", live)} works on it");
            }
            else
            {
                foreach (var container in cluster)
                    tell($"container {container.Id[..12]} of a cluster that this user keeps");
            }
        }

        if (!dryRun)
            await KeptCluster.RemoveAllAsync(stay);
        if (containers.Count(c => c.State == ContainerState.InUse) is > 0 and var inUse)
            Console.WriteLine($"Left {inUse} container(s) of runs that go on");
        if (containers.Count(c => c.State == ContainerState.KeptByAnother) is > 0 and var others)
            Console.WriteLine($"Left {others} container(s) of clusters that other users keep");
    }

    private static async Task RemoveCacheAsync(RunOptions options, bool dryRun, Action<string> tell)
    {
        foreach (var image in await ContainerEngine.BuiltImagesAsync())
        {
            if (dryRun || await ContainerEngine.RemoveImageAsync(image))
                tell($"image {image}");
            else
                Console.WriteLine($"Left image {image}: it is in use");
        }

        if (!dryRun && Directory.Exists(RunOptions.CacheFolder))
            Directory.Delete(RunOptions.CacheFolder, recursive: true);
        tell($"{RunOptions.CacheFolder} (this user's, of all checkouts)");
        if (!dryRun)
            File.Delete(Path.Combine(options.Root, ".local-reqnroll-nunit"));
        tell(".local-reqnroll-nunit (this checkout's)");
    }
}
