using System.Collections.Concurrent;

namespace SecuritySpecs.Fleet;

/// <summary>
/// Nodes that exist for the API server and the scheduler only, in the way of KWOK: capacity, taint, lease heartbeats,
/// and pods bound to them shown Running. This process keeps them alive; without it they go stale and are removed.
/// </summary>
/// <param name="admin">May write nodes, leases and pod statuses.</param>
/// <param name="runId">Nodes are this run's own: their label carries its id, and so do names and taint where there is no profile.</param>
/// <param name="profile">How they are called and tainted; null for this project's own way.</param>
public sealed class ApiOnlyNodes(KubeApi admin, string runId, FleetProfile? profile = null) : IAsyncDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(8); // the node controller's patience is 40 s
    private static readonly TimeSpan WatchAgain = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Task> _keepers = new();
    private readonly ConcurrentQueue<(string Pool, string Name)> _nodes = new(); // pools are added at once

    /// <summary>The nodes' names.</summary>
    public IReadOnlyList<string> Names => [.. _nodes.Select(n => n.Name)];

    /// <summary>The taint of the nodes, which keeps ordinary pods away.</summary>
    public NodeTaint Taint => profile?.Taint ?? NodeTaint.ApiOnly(runId);

    /// <summary>The names of a pool's nodes.</summary>
    public IReadOnlyList<string> NamesOf(string pool) => [.. _nodes.Where(n => n.Pool == pool).Select(n => n.Name)];

    /// <summary>Adds the nodes of a pool that are not real.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="resource">The GPU resource.</param>
    public async Task AddAsync(GpuPool pool, string resource)
    {
        for (var i = pool.RealNodes + 1; i <= pool.Nodes; i++)
        {
            var name = profile?.NameOf(pool.Name, i) ?? $"{pool.Name}-{i}-{runId}";
            var made = await admin.PostAsync("/api/v1/nodes", Node(name, pool));
            if (made.Code == 409)
                throw new EnvironmentException($"The profile calls a node {name}, and the cluster has one of that name already: without --fleet-image the run makes none.");
            made.OrThrow();
            _nodes.Enqueue((pool.Name, name));
            await BeatAsync(name, pool, resource);
            _keepers.Enqueue(KeepAliveAsync(name, pool, resource));
            _keepers.Enqueue(PlayKubeletAsync(name));
        }
    }

    /// <summary>Removes the nodes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_keepers);
        _stop.Dispose();
        foreach (var path in Names.SelectMany(n => (string[])[$"/api/v1/nodes/{n}", LeasePath(n)]))
            await admin.RemoveAsync(path);
    }

    /// <summary>The lease by which a node's kubelet would say that it is there.</summary>
    internal static string LeasePath(string name) => $"/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}";

    private JsonObject Node(string name, GpuPool pool)
    {
        var labels = GpuFleet.LabelsOf(pool);
        labels[RunLabels.Run] = runId;
        labels["kubernetes.io/hostname"] = name;
        labels["kubernetes.io/os"] = "linux";
        labels["kubernetes.io/arch"] = "amd64";
        var taints = new JsonArray(Taint.ToJson());
        if (pool.Taint is { } taint)
            taints.Add(taint.ToJson());
        return new()
        {
            ["apiVersion"] = "v1", ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels, ["annotations"] = new JsonObject { ["kwok.x-k8s.io/node"] = "fake" } },
            ["spec"] = new JsonObject { ["taints"] = taints },
        };
    }

    private async Task BeatAsync(string name, GpuPool pool, string resource)
    {
        var now = DateTime.UtcNow;
        JsonObject Condition(string type, string status, string reason) => new()
        {
            ["type"] = type, ["status"] = status, ["reason"] = reason, ["message"] = "played by SecuritySpecs",
            ["lastHeartbeatTime"] = KubeTime.Seconds(now), ["lastTransitionTime"] = KubeTime.Seconds(now),
        };
        JsonObject Capacity() => new() { ["cpu"] = "64", ["memory"] = "512Gi", ["pods"] = "110", ["ephemeral-storage"] = "1Ti", [resource] = pool.GpusPerNode.ToString(CultureInfo.InvariantCulture) };
        var status = new JsonObject
        {
            ["capacity"] = Capacity(), ["allocatable"] = Capacity(),
            ["conditions"] = new JsonArray(
                Condition("Ready", "True", "KubeletReady"), Condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure"), Condition("PIDPressure", "False", "KubeletHasSufficientPID")),
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = "amd64", ["operatingSystem"] = "linux", ["osImage"] = "", ["kernelVersion"] = "", ["machineID"] = "", ["systemUUID"] = "",
                ["bootID"] = "", ["containerRuntimeVersion"] = "", ["kubeletVersion"] = "api-only", ["kubeProxyVersion"] = "",
            },
        };
        await admin.PatchAsync($"/api/v1/nodes/{name}/status", new JsonObject { ["status"] = status });
        var spec = new JsonObject { ["holderIdentity"] = name, ["leaseDurationSeconds"] = 40, ["renewTime"] = KubeTime.Micros(now) };
        var renewed = await admin.PatchAsync(LeasePath(name), new JsonObject { ["spec"] = spec.DeepClone() });
        if (renewed.Code == 404)
        {
            await admin.PostAsync("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", new JsonObject
            {
                ["apiVersion"] = "coordination.k8s.io/v1", ["kind"] = "Lease", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec,
            });
        }
    }

    private async Task KeepAliveAsync(string name, GpuPool pool, string resource)
    {
        using var timer = new PeriodicTimer(Heartbeat);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
                await TryAsync(() => BeatAsync(name, pool, resource));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the run ends
        }
    }

    private async Task PlayKubeletAsync(string name)
    {
        try
        {
            while (true)
            {
                await TryAsync(async () =>
                {
                    await foreach (var e in admin.WatchAsync($"/api/v1/pods?watch=1&fieldSelector=spec.nodeName={name}", _stop.Token))
                        await PlayPodAsync((string)e["type"]!, e["object"]!);
                });
                await Task.Delay(WatchAgain, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // the run ends
        }
    }

    // A kubelet too survives an API server that hangs up or does not answer for a while: the next round tries again.
    private async Task TryAsync(Func<Task> round)
    {
        try
        {
            await round();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or KubeApiException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            // next round
        }
    }

    private async Task PlayPodAsync(string type, JsonNode pod)
    {
        if (type is not ("ADDED" or "MODIFIED"))
            return;
        var path = $"/api/v1/namespaces/{(string)pod["metadata"]!["namespace"]!}/pods/{(string)pod["metadata"]!["name"]!}";
        if (pod["metadata"]!["deletionTimestamp"] is not null)
            await admin.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = 0 });
        else if ((string?)pod["status"]?["phase"] == "Pending")
            await admin.PatchAsync($"{path}/status", new JsonObject { ["status"] = Running(pod) });
    }

    private static JsonObject Running(JsonNode pod)
    {
        var now = KubeTime.Seconds(DateTime.UtcNow);
        var conditions = ((string[])["Initialized", "Ready", "ContainersReady", "PodScheduled"])
            .Select(c => (JsonNode)new JsonObject { ["type"] = c, ["status"] = "True", ["lastTransitionTime"] = now });
        var containers = pod["spec"]!["containers"]!.AsArray().Select(c => (JsonNode)new JsonObject
        {
            ["name"] = (string)c!["name"]!, ["image"] = (string?)c["image"] ?? "", ["imageID"] = "", ["ready"] = true, ["restartCount"] = 0, ["started"] = true,
            ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
        });
        return new() { ["phase"] = "Running", ["startTime"] = now, ["conditions"] = new JsonArray([.. conditions]), ["containerStatuses"] = new JsonArray([.. containers]) };
    }
}
