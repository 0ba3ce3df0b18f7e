using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>A tenant that asks for GPUs by every way at once: a Deployment, a Job, and pods of its own.</summary>
public sealed class GpuRace(ScenarioPlatform scenario) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _watches = Task.CompletedTask;
    private volatile int _mostPods;
    private volatile int _mostCounted;
    private IReadOnlyList<ApiAnswer> _bare = [];
    private int _each;

    /// <summary>Asks for as many pods of one GPU each by each of the three ways, and watches from before the first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="each">Pods by each way.</param>
    public async Task StartAsync(Tenant tenant, int each)
    {
        _each = each;
        _watches = Task.WhenAll(WatchPodsAsync(tenant), WatchQuotaAsync(tenant));
        var bare = Task.WhenAll(Enumerable.Range(0, each).Select(i => tenant.Pods.TryAddAsync($"race-{i}", PodFactory.GpuPod, Placement.Nowhere)));
        await Task.WhenAll(bare, CreateAsync(tenant, "Deployment", each), CreateAsync(tenant, "Job", each));
        _bare = await bare;
    }

    /// <summary>Waits until every way has been tried and so many pods are there.</summary>
    /// <exception cref="TimeoutException">It did not come to that; the message says how many there were, and whom the quota refused.</exception>
    public async Task<RaceOutcome> EndAsync(Tenant tenant, int pods)
    {
        try
        {
            await AwaitSettledAsync(tenant, pods);
            var gpus = await tenant.Pods.GpusAskedForAsync();
            await _stop.CancelAsync();
            await _watches;
            var bare = _bare.Where(a => !a.Allowed).ToLookup(QuotaDriver.Refused);
            var outcome = new RaceOutcome(gpus, _mostPods, _mostCounted, [.. await RefusedAsync(tenant), .. bare[true].Select(_ => "Pod").Distinct()], [.. bare[false]]);
            scenario.Note($"tenant \"{tenant.Name}\"", $"has pods with {gpus} GPUs; at most there were {outcome.MostPods} pods, and the quota counted {outcome.MostCounted} GPUs; refused by it were {string.Join(", ", outcome.Refused)}");
            return outcome;
        }
        finally
        {
            await _stop.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private static async Task CreateAsync(Tenant tenant, string kind, int pods) =>
        (await PodController.TryAddAsync(tenant, kind, "race", tenant.Pods.Load("race", PodFactory.GpuPod, Placement.Nowhere), pods)).OrThrow();

    // Every way has been tried once both controllers have all of their pods or were refused one.
    private async Task AwaitSettledAsync(Tenant tenant, int settled) => await Poll.UntilAsync($"{settled} pods, and every way tried",
        async () => (Pods: (await scenario.Platform.Admin.GetUnrecordedAsync(tenant.Pods.Collection)).OrThrow().Items, Refused: await RefusedAsync(tenant)),
        s => s.Pods.Count == settled && _mostPods >= settled && ((string[])["ReplicaSet", "Job"]).All(k => s.Refused.Contains(k) || s.Pods.Count(p => OwnedBy(p!, k)) == _each),
        s => $"{s.Pods.Count} pods, at most {_mostPods}, refused were: {string.Join(", ", s.Refused)}");

    private static bool OwnedBy(JsonNode pod, string kind) => (pod["metadata"]!["ownerReferences"]?.AsArray() ?? []).Any(o => (string?)o!["kind"] == kind);

    /// <summary>The kinds of controllers to which the GPU quota, by its name, refused a pod: their events say so.</summary>
    private async Task<IReadOnlyList<string>> RefusedAsync(Tenant tenant)
    {
        var events = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/events?fieldSelector=reason=FailedCreate")).OrThrow().Items;
        return [.. events.Where(e => ((string)e!["message"]!).Contains($"exceeded quota: {QuotaDriver.Name}, ", StringComparison.Ordinal))
            .Select(e => (string)e!["involvedObject"]!["kind"]!).Distinct().Order(StringComparer.Ordinal)];
    }

    // Every pod that comes and goes, in the order in which the API server stored it: no moment is missed.
    private async Task WatchPodsAsync(Tenant tenant)
    {
        var alive = new HashSet<string>();
        await EachAsync(tenant.Pods.Collection + "?watch=1", (type, pod) =>
        {
            var name = (string)pod["metadata"]!["name"]!;
            _ = type == "DELETED" ? alive.Remove(name) : alive.Add(name);
            _mostPods = Math.Max(_mostPods, alive.Count);
        });
    }

    private Task WatchQuotaAsync(Tenant tenant) => EachAsync($"/api/v1/namespaces/{tenant.Namespace}/resourcequotas?watch=1", (_, quota) =>
        _mostCounted = Math.Max(_mostCounted, int.Parse((string?)quota["status"]?["used"]?[QuotaDriver.Counted] ?? "0", CultureInfo.InvariantCulture)));

    private async Task EachAsync(string path, Action<string, JsonNode> see)
    {
        try
        {
            await foreach (var e in scenario.Platform.Admin.WatchAsync(path, _stop.Token))
                see((string)e["type"]!, e["object"]!);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // seen enough
        }
    }
}

/// <summary>What became of a race for GPUs.</summary>
/// <param name="Gpus">GPUs that the tenant's pods ask for in the end.</param>
/// <param name="MostPods">The most pods that were there at any moment.</param>
/// <param name="MostCounted">The most GPUs that a quota counted at any moment.</param>
/// <param name="Refused">Which of the three ways met the GPU quota: <c>ReplicaSet</c>, <c>Job</c>, <c>Pod</c>.</param>
/// <param name="Strange">Answers to bare pods that are neither admission nor refusal by the GPU quota.</param>
public sealed record RaceOutcome(int Gpus, int MostPods, int MostCounted, IReadOnlyList<string> Refused, IReadOnlyList<ApiAnswer> Strange);
