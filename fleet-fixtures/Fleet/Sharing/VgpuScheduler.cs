using System.Collections.Concurrent;

namespace SecuritySpecs.FleetProgram.Sharing;

/// <summary>
/// Places the pods whose schedulerName is HAMi's: chooses the GPU, writes the slice on the pod, binds it. HAMi does this as an extender
/// of a kube-scheduler of that name; here is one program that knows of nodes only their shared GPUs and the pod's nodeSelector.
/// </summary>
internal sealed class VgpuScheduler(KubeClient api, string resource) : IDisposable
{
    private const string Pods = $"/api/v1/pods?fieldSelector=spec.schedulerName={Hami.Scheduler}";
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_watchAgain = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentDictionary<string, JsonNode> _pods = new();
    private readonly SemaphoreSlim _changed = new(0);

    /// <summary>Whether it has seen all pods once, and so knows what is taken.</summary>
    public bool Ready { get; private set; }

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] both = [WatchAsync(end.Token), PlaceAsync(end.Token)];
        var first = await Task.WhenAny(both);
        await end.CancelAsync(); // neither is of use without the other
        await Task.WhenAll(both).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public void Dispose() => _changed.Dispose();

    private async Task WatchAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                var list = await api.GetAsync(Pods, stop);
                _pods.Clear();
                foreach (var pod in list["items"]!.AsArray())
                    Keep(pod!);
                Ready = true;
                _changed.Release();
                await foreach (var e in api.WatchAsync($"{Pods}&watch=1&resourceVersion={(string)list["metadata"]!["resourceVersion"]!}", stop))
                    See((string)e["type"]!, e["object"]!);
            }
            catch (Exception e) when (e is KubeException or HttpRequestException or IOException)
            {
                Log.Line($"the watch ended: {e.Message}");
            }
            await Task.Delay(s_watchAgain, stop);
        }
    }

    private void See(string type, JsonNode pod)
    {
        if (type is "ADDED" or "MODIFIED")
            Keep(pod);
        else if (type == "DELETED")
            _pods.TryRemove(Uid(pod), out _);
        else
            throw new IOException($"{type} {(string?)pod["message"]}"); // too old: list anew
        _changed.Release();
    }

    // What has ended holds nothing any more. As in HAMi the slice of a pod that is known is not read again: what its tenant writes over
    // it counts only after a restart. Nor is a pod that was bound here free again because the watch is late.
    private void Keep(JsonNode pod)
    {
        if ((string?)pod["status"]?["phase"] is "Succeeded" or "Failed")
        {
            _pods.TryRemove(Uid(pod), out _);
            return;
        }
        if (_pods.TryGetValue(Uid(pod), out var known) && (string?)known["metadata"]!["annotations"]?[Hami.Allocated] is { } allocated)
        {
            pod["metadata"]!["annotations"] ??= new JsonObject();
            pod["metadata"]!["annotations"]![Hami.Allocated] = allocated;
            pod["metadata"]!["annotations"]![Hami.Node] = (string?)known["metadata"]!["annotations"]![Hami.Node];
            pod["spec"]!["nodeName"] ??= (string?)known["spec"]!["nodeName"];
        }
        _pods[Uid(pod)] = pod;
    }

    private async Task PlaceAsync(CancellationToken stop)
    {
        while (true)
        {
            await _changed.WaitAsync(stop);
            while (_changed.Wait(0, CancellationToken.None)) // several changes, one round
            {
            }
            try
            {
                if (!await RoundAsync(stop))
                    continue;
            }
            catch (KubeException e)
            {
                Log.Line($"a round failed: {e.Message}");
            }
            await Task.Delay(s_again, stop);
            _changed.Release();
        }
    }

    /// <returns>Whether another round is due although nothing changes: a node is locked.</returns>
    private async Task<bool> RoundAsync(CancellationToken stop)
    {
        var waiting = _pods.Values.Where(p => p["spec"]!["nodeName"] is null && p["metadata"]!["deletionTimestamp"] is null)
            .OrderBy(p => (string)p["metadata"]!["creationTimestamp"]!, StringComparer.Ordinal).ToArray();
        if (waiting.Length == 0)
            return false;
        var nodes = (await api.GetAsync("/api/v1/nodes", stop))["items"]!.AsArray();
        var again = false;
        foreach (var pod in waiting)
            again |= !await TryPlaceAsync(pod, nodes, stop);
        return again;
    }

    /// <returns>Whether the pod's case is settled for now: bound, or nowhere to go.</returns>
    private async Task<bool> TryPlaceAsync(JsonNode pod, JsonArray nodes, CancellationToken stop)
    {
        var requests = SharePods.Containers(pod).Select(c => SharePods.Request(c, resource)).ToArray();
        var failures = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var (slices, failure) = Fit(pod, node!, requests);
            if (slices is not null)
                return await BindAsync(pod, (string)node!["metadata"]!["name"]!, Slice.Encode(slices), stop);
            failures[failure!] = failures.GetValueOrDefault(failure!) + 1;
        }
        await RefuseAsync(pod, $"0/{nodes.Count} nodes are available: {string.Join(", ", failures.Select(f => $"{f.Value} {f.Key}"))}.", stop);
        return true;
    }

    private (IReadOnlyList<IReadOnlyList<Slice>>? Slices, string? Failure) Fit(JsonNode pod, JsonNode node, ShareRequest?[] requests)
    {
        if ((string?)node["metadata"]!["annotations"]?[Hami.Register] is not { } register)
            return (null, "node unregistered");
        if ((pod["spec"]!["nodeSelector"]?.AsObject() ?? []).Any(s => (string?)node["metadata"]!["labels"]?[s.Key] != (string?)s.Value))
            return (null, "node(s) didn't match Pod's node affinity/selector");
        var ledger = new Ledger((string)node["metadata"]!["name"]!, SharedGpu.Decode(register));
        foreach (var other in _pods.Values.Where(p => Uid(p) != Uid(pod)))
            ledger.Enter(other);
        return ledger.Fit(requests);
    }

    private async Task<bool> BindAsync(JsonNode pod, string node, string slices, CancellationToken stop)
    {
        var (@namespace, name) = ((string)pod["metadata"]!["namespace"]!, (string)pod["metadata"]!["name"]!);
        if (!await new NodeLock(api, node).TryTakeAsync(@namespace, name, stop))
            return false;
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        try
        {
            var chosen = await api.PatchAsync(Path(pod), new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["labels"] = new JsonObject { [Hami.Node] = node },
                    ["annotations"] = new JsonObject
                    {
                        [Hami.Node] = node, [Hami.Time] = now, [Hami.ToAllocate] = slices, [Hami.Allocated] = slices, [Hami.BindPhase] = Hami.Allocating, [Hami.BindTime] = now,
                    },
                },
            }, stop);
            await api.PostAsync($"{Path(pod)}/binding", new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "Binding", ["metadata"] = new JsonObject { ["name"] = name, ["uid"] = Uid(pod) },
                ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
            }, stop);
            // Counted from now on: the watch may come later than the next pod's turn. Not waiting any more, whatever the watch says first.
            // But not if it was deleted meanwhile and the watch has said so: nobody would say it again.
            chosen["spec"]!["nodeName"] = node;
            while (_pods.TryGetValue(Uid(pod), out var known) && !_pods.TryUpdate(Uid(pod), chosen, known))
            {
            }
            Log.Line($"bound {@namespace}/{name} to {node}: {slices}");
            return true;
        }
        catch (KubeException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            Log.Line($"{@namespace}/{name} was not bound: {e.Message}"); // deleted, or bound by another
            await new NodeLock(api, node).ReleaseAsync(@namespace, name, stop);
            return true;
        }
    }

    // As kube-scheduler says it; the same thing not twice.
    private async Task RefuseAsync(JsonNode pod, string message, CancellationToken stop)
    {
        if ((pod["status"]?["conditions"]?.AsArray() ?? []).Any(c => (string?)c!["type"] == "PodScheduled" && (string?)c["message"] == message))
            return;
        var condition = new JsonObject { ["type"] = "PodScheduled", ["status"] = "False", ["reason"] = "Unschedulable", ["message"] = message };
        try
        {
            await api.PatchByKeyAsync($"{Path(pod)}/status", new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } }, stop);
            Log.Line($"{(string)pod["metadata"]!["namespace"]!}/{(string)pod["metadata"]!["name"]!} waits: {message}");
        }
        catch (KubeException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // deleted meanwhile
        }
    }

    private static string Path(JsonNode pod) => $"/api/v1/namespaces/{(string)pod["metadata"]!["namespace"]!}/pods/{(string)pod["metadata"]!["name"]!}";

    private static string Uid(JsonNode pod) => (string)pod["metadata"]!["uid"]!;
}
