namespace SecuritySpecs.NetworkAgent.Watch;

/// <summary>
/// Keeps a store equal to what the API server has of one kind. It lists only when it must: at first, and when the server
/// cannot go on from where the watch left off. Whatever else happens, it goes on from there.
/// </summary>
/// <param name="path">Of the kind in all namespaces, such as /api/v1/pods.</param>
internal sealed class ResourceWatch<T>(ApiClient api, string path, Func<JsonElement, T> read, Store<T> store) where T : class
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    // 410: it has forgotten that version. 400 and 504: it never had it, for it was set up anew.
    private static readonly HttpStatusCode[] Lost = [HttpStatusCode.Gone, HttpStatusCode.BadRequest, HttpStatusCode.GatewayTimeout];
    private string? _version;

    public async Task RunAsync(CancellationToken cancel)
    {
        var pause = FirstPause;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (_version is null)
                    await ListAsync(cancel);
                await FollowAsync(cancel);
                pause = FirstPause;
                // A server that ends every watch at once is not to be asked without end.
                await Task.Delay(pause, cancel);
            }
            catch (ApiException e) when (_version is not null && Lost.Contains(e.Status))
            {
                _version = null;
            }
            catch (Exception e) when (e is ApiException or HttpRequestException or IOException or TimeoutException or JsonException)
            {
                Log.Line($"{path}: {e.Message}; again in {pause.TotalMilliseconds} ms");
                await Task.Delay(pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>The name of an object within its kind.</summary>
    public static string Key(JsonElement item) => $"{item.At("metadata").Text("namespace")}/{item.At("metadata").Text("name")}";

    /// <summary>The version of an object or a list.</summary>
    public static string Version(JsonElement item) => item.At("metadata").Text("resourceVersion");

    private async Task ListAsync(CancellationToken cancel)
    {
        using var list = await api.GetAsync(path, cancel);
        var items = new Dictionary<string, T>();
        foreach (var item in list.RootElement.At("items").Items())
            items[Key(item)] = read(item);
        store.Replace(items, Version(list.RootElement));
        _version = Version(list.RootElement);
        Log.Line($"{path}: {items.Count} at {_version}");
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        await foreach (var document in api.WatchAsync($"{path}?watch=1&allowWatchBookmarks=true&resourceVersion={_version}", cancel))
        {
            using (document)
                Take(document.RootElement.Text("type"), document.RootElement.At("object"));
        }
    }

    private void Take(string type, JsonElement item)
    {
        if (type == "ERROR")
            throw new ApiException(HttpStatusCode.Gone, $"watch: {item.Text("message")}");
        if (type == "DELETED")
            store.Remove(Key(item), Version(item));
        else if (type == "BOOKMARK")
            store.Advance(Version(item));
        else
            store.Put(Key(item), read(item), Version(item));
        _version = Version(item);
    }
}
