using System.Net;
using System.Text.Json;
using SecuritySpecs.NetworkAgent.Model;

namespace SecuritySpecs.NetworkAgent.Watch;

/// <summary>
/// Keeps a store equal to what the API server has of one kind. It lists only when it must: at first, and when the server
/// no longer knows where the watch left off (410). Whatever else happens, it goes on from there.
/// </summary>
/// <param name="path">Of the kind in all namespaces, such as /api/v1/pods.</param>
internal sealed class ResourceWatch<T>(ApiClient api, string path, Func<JsonElement, T> read, Store<T> store) where T : class
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private string? _version;

    public async Task RunAsync(CancellationToken cancel)
    {
        var pause = FirstPause;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await (_version is null ? ListAsync(cancel) : FollowAsync(cancel));
                pause = FirstPause;
            }
            catch (ApiException e) when (e.Status == HttpStatusCode.Gone)
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
            throw new ApiException((HttpStatusCode)(item.At("code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number) ? number : 0), $"watch: {item.Text("message")}");
        if (type == "DELETED")
            store.Remove(Key(item), Version(item));
        else if (type == "BOOKMARK")
            store.Advance(Version(item));
        else
            store.Put(Key(item), read(item), Version(item));
        _version = Version(item);
    }
}
