using Docker.DotNet;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Cluster;

/// <summary>Removes what runs left behind: containers of dead processes, and labelled objects of dead runs in a cluster.</summary>
public static class Leftovers
{
    /// <summary>The namespaces that runs share: what a run puts there does not go with a namespace of its own.</summary>
    public static readonly IReadOnlyList<string> SharedNamespaces = [GpuFleet.Namespace, Telemetry.MonitoringNamespace];

    // What scenarios put there.
    private static readonly IReadOnlyList<string> InSharedNamespaces = ["api/v1/namespaces/{0}/pods", "apis/networking.k8s.io/v1/namespaces/{0}/networkpolicies",
        "apis/rbac.authorization.k8s.io/v1/namespaces/{0}/roles", "apis/rbac.authorization.k8s.io/v1/namespaces/{0}/rolebindings"];

    /// <summary>Removes containers and networks of runs whose process is gone, and those of one run in any case.</summary>
    /// <param name="run">A run to remove although its process may still be there; null for none.</param>
    /// <param name="dryRun">Whether to look only.</param>
    /// <returns>What was removed, a line each.</returns>
    /// <exception cref="EnvironmentException">Some could not be removed; the message names them.</exception>
    public static async Task<IReadOnlyList<string>> RemoveContainersAsync(string? run = null, bool dryRun = false)
    {
        var left = (await RunContainer.AllAsync(run)).Where(c => c.State == ContainerState.Left).ToList();
        var stayed = new List<string>();
        foreach (var container in dryRun ? [] : left)
        {
            try
            {
                await ContainerEngine.RemoveAsync(container.Id);
            }
            catch (DockerApiException e)
            {
                stayed.Add($"container {container.Id[..12]} of run {container.Run}: {e.Message}");
            }
        }

        if (stayed.Count > 0)
            throw new EnvironmentException($"{stayed.Count} leftovers could not be removed: {string.Join("; ", stayed)}");
        // The engine keeps a network in which there still is a container.
        foreach (var owning in dryRun ? [] : left.Select(c => c.Run).Distinct())
            await ContainerEngine.RemoveNetworksAsync(RunLabels.Run, owning);
        return [.. left.Select(c => $"container {c.Id[..12]} of run {c.Run}")];
    }

    /// <summary>Removes the labelled objects of runs that are no longer alive. Call it with the lifecycle lease held.</summary>
    /// <param name="admin">The administrator.</param>
    /// <param name="run">A run that counts as ended; null for none.</param>
    /// <param name="shared">Whether what runs share goes too when no run is alive.</param>
    /// <param name="dryRun">Whether to look only: then no lease is needed.</param>
    /// <returns>What went and what stayed.</returns>
    public static async Task<RemovedObjects> RemoveObjectsAsync(KubeApi admin, string? run, bool shared, bool dryRun = false)
    {
        var live = (await ClusterLease.LiveRunsAsync(admin)).Where(r => r != run).ToHashSet();
        var removed = new RemovedObjects(dryRun);
        if (!dryRun)
        {
            await ClusterLease.RemoveDeadAsync(admin, live, run);
            await removed.TryAsync(null, () => RemoveApiOnlyNodesAsync(admin, live, removed));
        }

        var sharedCollections = SharedNamespaces.SelectMany(n => InSharedNamespaces.Select(c => "/" + c.Replace("{0}", n, StringComparison.Ordinal)));
        foreach (var collection in (await new ApiResources(admin).ClusterScopedCollectionsAsync()).Concat(sharedCollections))
        {
            var list = await admin.GetUnrecordedAsync($"{collection}?labelSelector={Uri.EscapeDataString(RunLabels.Run)}");
            foreach (var item in removed.ItemsOf(list))
            {
                var metadata = item["metadata"]!;
                if (!live.Contains((string)metadata["labels"]![RunLabels.Run]!) && metadata["deletionTimestamp"] is null)
                    await removed.RemoveAsync(admin, $"{collection}/{(string)metadata["name"]!}", (string?)metadata["uid"]);
            }
        }

        if (!dryRun)
            await removed.TryAsync(null, () => RemoveFalseGpusAsync(admin));
        if (shared && live.Count == 0)
            await RemoveSharedAsync(admin, removed);
        return removed;
    }

    /// <summary>Waits until the namespaces of a run are gone: the cluster empties them in its own time.</summary>
    /// <exception cref="TimeoutException">Some are still there after a minute.</exception>
    public static Task AwaitNamespacesAsync(KubeApi admin, string run) => Poll.UntilAsync(
        $"the namespaces of run {run} to be gone",
        () => admin.GetUnrecordedAsync($"/api/v1/namespaces?labelSelector={Uri.EscapeDataString($"{RunLabels.Run}={run}")}"),
        a => a.OrThrow().Items.Count == 0,
        a => string.Join(", ", a.Items.Select(n => (string)n!["metadata"]!["name"]!)), TimeSpan.FromMinutes(1));

    // Nobody plays the kubelet of such a node once its run is gone: what is bound to it would hold its namespace for a minute or more.
    private static async Task RemoveApiOnlyNodesAsync(KubeApi admin, HashSet<string> live, RemovedObjects removed)
    {
        var nodes = await admin.GetUnrecordedAsync($"/api/v1/nodes?labelSelector={Uri.EscapeDataString(RunLabels.Run)}");
        foreach (var node in nodes.OrThrow().Items.Select(n => n!["metadata"]!).Where(n => !live.Contains((string)n["labels"]![RunLabels.Run]!)))
        {
            // First of all the node, so that nothing more comes to it.
            var name = (string)node["name"]!;
            await removed.RemoveAsync(admin, $"/api/v1/nodes/{name}", (string?)node["uid"]);
            await admin.RemoveAsync(ApiOnlyNodes.LeasePath(name));
            foreach (var pod in (await admin.GetUnrecordedAsync($"/api/v1/pods?fieldSelector=spec.nodeName={name}")).OrThrow().Items.Select(p => p!["metadata"]!))
                await admin.DeleteAsync($"/api/v1/namespaces/{(string)pod["namespace"]!}/pods/{(string)pod["name"]!}", new JsonObject { ["gracePeriodSeconds"] = 0 });
        }
    }

    // Of a device plugin that is gone a node keeps the resource's name, with none to allocate. The kubelet writes it anew for five
    // minutes (its endpointStopGracePeriod); a later run or clean takes it out for good.
    private static async Task RemoveFalseGpusAsync(KubeApi admin)
    {
        var nodes = await admin.GetUnrecordedAsync($"/api/v1/nodes?labelSelector={Uri.EscapeDataString(GpuFleet.RealNodeLabel)}");
        foreach (var node in nodes.OrThrow().Items)
        {
            var gone = (node!["status"]?["allocatable"]?.AsObject() ?? []).Where(c => c.Key.StartsWith(GpuFleet.FalseGpuDomain, StringComparison.Ordinal) && (string?)c.Value == "0")
                .Select(c => KeyValuePair.Create(c.Key, (JsonNode?)null)).ToList();
            if (gone.Count > 0)
                (await admin.PatchAsync($"/api/v1/nodes/{(string)node["metadata"]!["name"]!}/status",
                    new JsonObject { ["status"] = new JsonObject { ["capacity"] = new JsonObject(gone), ["allocatable"] = new JsonObject(gone) } })).OrThrow();
        }
    }

    private static async Task RemoveSharedAsync(KubeApi admin, RemovedObjects removed)
    {
        // First of all webhooks and rights, which have no namespace to go with.
        foreach (var collection in await new ApiResources(admin).ClusterScopedCollectionsAsync())
        {
            var list = await admin.GetUnrecordedAsync($"{collection}?labelSelector={Uri.EscapeDataString(RunLabels.Shared)}");
            foreach (var item in removed.ItemsOf(list))
                await removed.RemoveAsync(admin, $"{collection}/{(string)item["metadata"]!["name"]!}", (string?)item["metadata"]!["uid"]);
        }

        await removed.RemoveAsync(admin, $"/api/v1/namespaces/{GpuFleet.Namespace}", uid: null);
        var nodes = await admin.GetUnrecordedAsync($"/api/v1/nodes?labelSelector={Uri.EscapeDataString(GpuFleet.RealNodeLabel)}");
        foreach (var node in nodes.OrThrow().Items)
        {
            var labels = new JsonObject(GpuFleet.NodeLabels.Select(l => KeyValuePair.Create(l, (JsonNode?)null)));
            var annotations = new JsonObject(SharedGpu.NodeAnnotations.Select(a => KeyValuePair.Create(a, (JsonNode?)null)));
            var name = (string)node!["metadata"]!["name"]!;
            await removed.TryAsync($"labels of nodes/{name}", async () =>
                (await admin.PatchAsync($"/api/v1/nodes/{name}", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = annotations } })).OrThrow());
        }
    }
}
