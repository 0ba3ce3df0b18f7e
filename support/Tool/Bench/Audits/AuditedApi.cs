using System.Net.Sockets;

namespace SecuritySpecs.Tool.Bench.Audits;

/// <summary>The API server of a made-up cluster, for who reads lists: pages, the selectors that an audit uses, metadata alone, discovery.</summary>
internal sealed class AuditedApi : IDisposable
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _lists;
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    /// <summary>Starts it on a free port of the loopback.</summary>
    public AuditedApi(AuditedCluster cluster)
    {
        _lists = cluster.Lists;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Url { get; }

    /// <summary>How many requests it has answered.</summary>
    public int Requests { get; private set; }

    /// <summary>How many objects its largest answer had.</summary>
    public int LargestPage { get; private set; }

    /// <summary>What was asked of it other than to read.</summary>
    public IReadOnlyList<string> Writes { get; private set; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return; // closed
            }

            var (code, text) = Answer(call.Request);
            Requests++;
            (call.Response.StatusCode, call.Response.ContentType) = (code, "application/json");
            await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            call.Response.Close();
        }
    }

    private (int Code, string Text) Answer(HttpListenerRequest request)
    {
        var path = request.Url!.AbsolutePath;
        if (request.HttpMethod != "GET")
        {
            Writes = [.. Writes, $"{request.HttpMethod} {path}"];
            return (405, """{"kind":"Status","reason":"MethodNotAllowed","code":405}""");
        }

        if (path == "/version")
            return (200, """{"gitVersion":"v1.36.2"}""");
        if (_lists.TryGetValue(path, out var objects))
            return (200, Page(objects, request));
        var resources = _lists.Keys.Where(l => l[..l.LastIndexOf('/')] == path).Select(l => l[(l.LastIndexOf('/') + 1)..]).ToList();
        return resources.Count == 0 ? (404, """{"kind":"Status","reason":"NotFound","code":404}""")
            : (200, $$"""{"resources":[{{string.Join(',', resources.Select(r => $$"""{"name":"{{r}}"}"""))}}]}""");
    }

    private string Page(IReadOnlyList<string> objects, HttpListenerRequest request)
    {
        if (request.QueryString["labelSelector"] is { } label)
            objects = [.. objects.Where(o => JsonNode.Parse(o)!["metadata"]!["labels"]?[label] is not null)];
        if (request.QueryString["fieldSelector"]?.Split('=') is [var field, var value])
            objects = [.. objects.Where(o => (string?)JsonNode.Parse(o)![field] == value)];
        if (request.Headers["Accept"]?.Contains("as=PartialObjectMetadataList", StringComparison.Ordinal) == true)
            objects = [.. objects.Select(o => $$"""{"metadata":{{JsonNode.Parse(o)!["metadata"]!.ToJsonString()}}}""")];
        var (from, limit) = (Number("continue", 0), Number("limit", int.MaxValue));
        var page = objects.Skip(from).Take(limit).ToList();
        LargestPage = Math.Max(LargestPage, page.Count);
        var rest = objects.Count - from - page.Count;
        var metadata = rest > 0 ? new JsonObject { ["continue"] = FormattableString.Invariant($"{from + page.Count}"), ["remainingItemCount"] = rest } : [];
        return $$"""{"metadata":{{metadata.ToJsonString()}},"items":[{{string.Join(',', page)}}]}""";

        int Number(string parameter, int otherwise) => request.QueryString[parameter] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
    }
}
