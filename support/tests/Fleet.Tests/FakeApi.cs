using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>As much of an API server as the sharing roles use: nodes and pods to read, watch, patch and bind.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, JsonObject> _objects = new();
    private readonly ConcurrentBag<Channel<string>> _watches = [];
    private readonly ConcurrentBag<string> _reads = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private WebApplication _app = null!;
    private int _version;

    public string Url { get; private set; } = "";

    /// <summary>What happens between a binding and its answer.</summary>
    public Func<Task> WhileAnsweringABinding { get; set; } = () => Task.CompletedTask;

    public static async Task<FakeApi> StartAsync(params string[] nodes)
    {
        var api = new FakeApi();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        api._app = builder.Build();
        api._app.Run(api.AnswerAsync);
        await api._app.StartAsync();
        api.Url = api._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        foreach (var node in nodes)
            api.Put($"/api/v1/nodes/{node}", new JsonObject { ["metadata"] = new JsonObject { ["name"] = node, ["labels"] = new JsonObject { ["kubernetes.io/hostname"] = node } } });
        return api;
    }

    /// <summary>Adds a Pending pod of namespace <c>t</c>, or changes it.</summary>
    public void AddPod(string name, JsonObject spec, JsonObject? annotations = null) => Put(PodPath(name), new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = "t", ["name"] = name, ["uid"] = name, ["creationTimestamp"] = $"2026-01-01T00:00:{_objects.Count:00}Z", ["annotations"] = annotations?.DeepClone() ?? new JsonObject() },
        ["spec"] = spec.DeepClone(), ["status"] = new JsonObject { ["phase"] = "Pending" },
    });

    public void Remove(string name)
    {
        lock (_lock)
        {
            if (_objects.TryRemove(PodPath(name), out var gone))
                Tell("DELETED", gone);
        }
    }

    public void Change(string path, JsonObject patch)
    {
        lock (_lock)
        {
            var changed = (JsonObject)_objects[path].DeepClone();
            Merge(changed, patch);
            Put(path, changed);
        }
    }

    public JsonObject Pod(string name) => _objects[PodPath(name)];

    public JsonObject Node(string name) => _objects[$"/api/v1/nodes/{name}"];

    public string? Annotation(string pod, string name) => (string?)Pod(pod)["metadata"]!["annotations"]![name];

    /// <summary>How often an object was read.</summary>
    public int Reads(string path) => _reads.Count(r => r == path);

    public static string PodPath(string name) => $"/api/v1/namespaces/t/pods/{name}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private void Put(string path, JsonObject item)
    {
        lock (_lock)
        {
            item["metadata"]!["resourceVersion"] = $"{++_version}";
            var type = _objects.ContainsKey(path) ? "MODIFIED" : "ADDED";
            _objects[path] = item;
            if (path.Contains("/pods/", StringComparison.Ordinal))
                Tell(type, item);
        }
    }

    private void Tell(string type, JsonObject pod)
    {
        foreach (var watch in _watches)
            watch.Writer.TryWrite(new JsonObject { ["type"] = type, ["object"] = pod.DeepClone() }.ToJsonString());
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path is "/api/v1/pods" or "/api/v1/nodes" or "/api/v1/namespaces/t/pods")
        {
            await (context.Request.Query.ContainsKey("watch") ? WatchAsync(context) : ListAsync(context, path));
            return;
        }
        var body = context.Request.ContentLength > 0 ? (await JsonNode.ParseAsync(context.Request.Body))!.AsObject() : null;
        if (context.Request.Method == "PATCH" && _objects.ContainsKey(path.Replace("/status", "", StringComparison.Ordinal)))
        {
            path = path.Replace("/status", "", StringComparison.Ordinal);
            if ((string?)body!["metadata"]?["resourceVersion"] is { } expected && expected != (string?)_objects[path]["metadata"]!["resourceVersion"])
            {
                context.Response.StatusCode = StatusCodes.Status409Conflict;
                await context.Response.WriteAsync("""{"message":"the object has been modified"}""");
                return;
            }
            Change(path, body);
        }
        if (context.Request.Method == "POST" && path.EndsWith("/binding", StringComparison.Ordinal))
        {
            path = path[..^"/binding".Length];
            Change(path, new JsonObject { ["spec"] = new JsonObject { ["nodeName"] = (string)body!["target"]!["name"]! } });
            var bound = _objects[path].ToJsonString();
            await WhileAnsweringABinding();
            await context.Response.WriteAsync(bound);
            return;
        }
        if (!_objects.TryGetValue(path, out var item))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("""{"message":"not found"}""");
            return;
        }
        if (context.Request.Method == "GET")
            _reads.Add(path);
        await context.Response.WriteAsync(item.ToJsonString());
    }

    private async Task ListAsync(HttpContext context, string path)
    {
        var filter = context.Request.Query["fieldSelector"].ToString().Split('=');
        string list;
        lock (_lock)
        {
            var items = _objects.Where(o => o.Key.Contains(path[^5..].Trim('/') + "/", StringComparison.Ordinal))
                .Select(o => o.Value).Where(o => filter is not [['s', 'p', 'e', 'c', '.', .. var field], var value] || (string?)o["spec"]?[field] == value);
            list = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = $"{_version}" }, ["items"] = new JsonArray([.. items.Select(i => i.DeepClone())]) }.ToJsonString();
        }
        await context.Response.WriteAsync(list);
    }

    private async Task WatchAsync(HttpContext context)
    {
        var channel = Channel.CreateUnbounded<string>();
        lock (_lock)
        {
            _watches.Add(channel);
            // What came between the list and the watch.
            var since = int.Parse(context.Request.Query["resourceVersion"]!, null);
            foreach (var pod in _objects.Where(o => o.Key.Contains("/pods/", StringComparison.Ordinal) && int.Parse((string)o.Value["metadata"]!["resourceVersion"]!, null) > since))
                Tell("MODIFIED", pod.Value);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        await context.Response.StartAsync(end.Token);
        try
        {
            await foreach (var line in channel.Reader.ReadAllAsync(end.Token))
            {
                await context.Response.WriteAsync(line + "\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // the watcher or the test ended
        }
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
                target.Remove(key);
            else if (value is JsonObject inner && target[key] is JsonObject existing)
                Merge(existing, inner);
            else
                target[key] = value.DeepClone();
        }
    }
}
