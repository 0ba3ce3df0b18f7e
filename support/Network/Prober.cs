using System.Collections.Concurrent;

namespace SecuritySpecs.Network;

/// <summary>
/// Asks pods of the fleet image to try targets: a batch a pod, all at the same moment, until nobody answers any more. They are asked
/// through the API server and a port that listens inside the pod only, so that no NetworkPolicy stands between them and the harness.
/// </summary>
/// <param name="admin">Who may forward ports of every pod.</param>
public sealed class Prober(KubeApi admin) : IDisposable
{
    /// <summary>The port on the loopback of a pod (<c>fleet prober --control-port</c>).</summary>
    public const int ControlPort = 8079;

    // To be told, and to tell: half of what whoever waits has, so that a port-forward that hangs does not cost him all of it.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    // Many targets take their time on a busy machine.
    private static readonly TimeSpan SlackATarget = TimeSpan.FromMilliseconds(60);

    // Asked all together, many pods keep each other from answering in time where the cluster is on this machine. So the later ones
    // have their turn while the first wait for silence.
    private readonly SemaphoreSlim _turns = new(6 * Environment.ProcessorCount);
    private readonly ConcurrentDictionary<(string Namespace, string Pod), Lazy<HttpClient>> _tunnels = new();

    /// <summary>Looks once, from all pods at the same moment, or as many as the machine bears.</summary>
    /// <param name="cells">Who tries what.</param>
    /// <param name="timeout">How long nobody may have answered a pod before the rest of its targets count as silent.</param>
    /// <returns>What was seen, in the order of <paramref name="cells"/>.</returns>
    public async Task<IReadOnlyList<Observation>> LookAsync(IReadOnlyList<(ProbeSource Source, ProbeTarget Target)> cells, TimeSpan timeout)
    {
        var seen = new Observation[cells.Count];
        await Task.WhenAll(Enumerable.Range(0, cells.Count).GroupBy(i => cells[i].Source).Select(async batch =>
        {
            var places = batch.ToList();
            var answers = await TryAsync(batch.Key, [.. places.Select(i => cells[i].Target)], timeout);
            for (var i = 0; i < places.Count; i++)
                seen[places[i]] = answers[i];
        }));
        return seen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tunnel in _tunnels.Values.Where(t => t.IsValueCreated))
            tunnel.Value.Dispose();
        _turns.Dispose();
    }

    // A pod that cannot be asked right now has seen nothing: whoever waits looks again, and is told why.
    private async Task<IReadOnlyList<Observation>> TryAsync(ProbeSource source, IReadOnlyList<ProbeTarget> targets, TimeSpan timeout)
    {
        await _turns.WaitAsync();
        try
        {
            return await AskAsync(source, targets, timeout);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return [.. targets.Select(_ => new Observation(ProbeResult.NotAsked, 0, $"{e.Message} {e.InnerException?.Message}".TrimEnd()))];
        }
        finally
        {
            _turns.Release();
        }
    }

    // The last report is of the pod's own loopback: silence began to count after its answer, and lasted for as long as that took at
    // least. Where not even that answered, the pod is starved.
    private async Task<IReadOnlyList<Observation>> AskAsync(ProbeSource source, IReadOnlyList<ProbeTarget> targets, TimeSpan timeout)
    {
        var tunnel = _tunnels.GetOrAdd((source.Namespace, source.Pod), pod => new(() => admin.Tunnel(pod.Namespace, pod.Pod, ControlPort))).Value;
        var batch = new JsonObject
        {
            ["targets"] = new JsonArray([.. targets.Select(t => JsonValue.Create(t.Url))]),
            ["timeoutMs"] = (int)timeout.TotalMilliseconds,
        };
        using var content = new StringContent(batch.ToJsonString());
        using var patience = new CancellationTokenSource(timeout + Slack + (targets.Count * SlackATarget));
        using var response = await tunnel.PostAsync("probe", content, patience.Token);
        var text = await response.Content.ReadAsStringAsync(patience.Token);
        if (!response.IsSuccessStatusCode)
            throw new ArgumentException($"The prober in {source.Namespace}/{source.Pod} answers {(int)response.StatusCode}: {text}");
        var reports = JsonNode.Parse(text)!.AsArray();
        var self = Observation.Of(reports[^1]!, null);
        return [.. targets.Select((t, i) => Observation.Of(reports[i]!, t.Owner))
            .Select(o => o.Result == ProbeResult.TimedOut && !self.IsOpen ? o with { Result = ProbeResult.Starved } : o)];
    }
}
