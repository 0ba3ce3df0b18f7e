using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.Tests;

/// <summary>As much of an API server as leases need: create once, replace only at the known version, read, delete.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private const string Path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    private readonly Lock _lock = new();
    private LoopbackServer _server = null!;
    private int _version;

    public ConcurrentDictionary<string, JsonNode> Leases { get; } = new();

    /// <summary>How far its clock is ahead of this machine's.</summary>
    public TimeSpan Ahead { get; init; }

    public KubeApi Api => _server.Api;

    public static async Task<FakeApiServer> StartAsync(TimeSpan ahead = default)
    {
        var server = new FakeApiServer { Ahead = ahead };
        server._server = await LoopbackServer.StartAsync(server.AnswerAsync);
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = context.Request.ContentLength > 0 ? await JsonNode.ParseAsync(context.Request.Body) : null;
        var name = context.Request.Path.Value![Path.Length..].Trim('/');
        var (code, answer) = Decide(context.Request.Method, name, body);
        context.Response.StatusCode = code;
        context.Response.Headers.Date = (DateTimeOffset.UtcNow + Ahead).ToString("R");
        await context.Response.WriteAsync((answer ?? new JsonObject { ["kind"] = "Status", ["message"] = "no" }).ToJsonString());
    }

    private (int Code, JsonNode? Answer) Decide(string method, string name, JsonNode? body)
    {
        lock (_lock)
        {
            Leases.TryGetValue(name, out var lease);
            switch (method)
            {
                case "POST" when !Leases.ContainsKey((string)body!["metadata"]!["name"]!):
                    return (201, Leases[(string)body["metadata"]!["name"]!] = Versioned(body));
                case "PUT" when lease is not null && (string?)body!["metadata"]!["resourceVersion"] == (string?)lease["metadata"]!["resourceVersion"]:
                    return (200, Leases[name] = Versioned(body!));
                case "POST" or "PUT":
                    return (409, null);
                case "DELETE" when lease is not null && HasMoved(body, lease):
                    return (409, null);
                case "DELETE":
                    return (Leases.TryRemove(name, out _) ? 200 : 404, null);
                default:
                    return lease is null ? (404, null) : (200, lease);
            }
        }
    }

    private static bool HasMoved(JsonNode? options, JsonNode lease) =>
        (string?)options?["preconditions"]?["resourceVersion"] is { } version && version != (string?)lease["metadata"]!["resourceVersion"];

    private JsonNode Versioned(JsonNode lease)
    {
        lease["metadata"]!["resourceVersion"] = $"{++_version}";
        return lease;
    }
}
