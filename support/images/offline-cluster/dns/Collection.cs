namespace SecuritySpecs.ClusterDns;

/// <summary>All objects of a kind, kept as the API server has them.</summary>
/// <param name="api">Has the API server's address and this pod's credentials.</param>
/// <param name="path">Of the collection.</param>
/// <param name="read">Makes of an object what is kept of it.</param>
/// <param name="changed">Called after every change.</param>
internal sealed class Collection<T>(Api api, string path, Func<JsonNode, T> read, Action changed)
{
    // A connection that died without a word is noticed by this, for the server ends a watch before.
    private const int WatchSeconds = 60;
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(WatchSeconds + 10);
    private readonly Dictionary<string, T> _items = [];
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();

    /// <summary>Done when the first list is in.</summary>
    public Task Known => _known.Task;

    /// <summary>What there is now.</summary>
    public IReadOnlyList<T> Items
    {
        get
        {
            lock (_lock) return [.. _items.Values];
        }
    }

    /// <summary>Follows the API server until told to stop. It may be away for a while: what was last known stays.</summary>
    public async Task FollowAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(await ListAsync(stop), stop);
            }
            catch (Exception e) when (!stop.IsCancellationRequested && e is HttpRequestException or IOException or JsonException or OperationCanceledException)
            {
                Console.Error.WriteLine($"{path}: {e.Message}");
                await Task.Delay(s_retry, stop);
            }
        }
    }

    private async Task<string> ListAsync(CancellationToken stop)
    {
        using var limit = Limit(stop);
        using var answer = await api.GetAsync(path, limit.Token);
        var list = JsonNode.Parse(await answer.Content.ReadAsStringAsync(limit.Token))!;
        lock (_lock)
        {
            _items.Clear();
            foreach (var item in list["items"]!.AsArray()) _items[IdOf(item!)] = read(item!);
        }
        _known.TrySetResult();
        changed();
        return (string)list["metadata"]!["resourceVersion"]!;
    }

    private async Task WatchAsync(string version, CancellationToken stop)
    {
        using var limit = Limit(stop);
        using var answer = await api.GetAsync($"{path}?watch=1&timeoutSeconds={WatchSeconds}&resourceVersion={version}", limit.Token);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        while (await events.ReadLineAsync(limit.Token) is { } line)
        {
            var @event = JsonNode.Parse(line)!;
            if ((string?)@event["type"] == "ERROR") return; // too old a version, for example: list again
            Apply((string)@event["type"]!, @event["object"]!);
        }
    }

    private void Apply(string type, JsonNode item)
    {
        lock (_lock)
        {
            if (type == "DELETED") _items.Remove(IdOf(item));
            else _items[IdOf(item)] = read(item);
        }
        changed();
    }

    private static string IdOf(JsonNode item) => $"{item["metadata"]!["namespace"]}/{item["metadata"]!["name"]}";

    private static CancellationTokenSource Limit(CancellationToken stop)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(s_patience);
        return limit;
    }
}
