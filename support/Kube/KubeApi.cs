using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using k8s;
using k8s.Autorest;

namespace SecuritySpecs.Kube;

/// <summary>
/// The API server as one identity sees it. Requests travel as JSON over KubernetesClient's HttpClient,
/// so that a denial is judged by the bytes that the API server sent.
/// </summary>
public sealed class KubeApi : IDisposable
{
    private const string MergePatch = "application/merge-patch+json";
    private const string ApplyPatch = "application/apply-patch+yaml";
    private const string MetadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private const int PageSize = 500;
    private readonly Kubernetes _client;
    private readonly string? _hostHeader;
    private readonly Action<ApiAnswer>? _record;
    private readonly string? _impersonated;
    private readonly string? _group;
    private ServerClock? _server;

    /// <summary>Connects as one identity.</summary>
    /// <param name="config">Where the API server is and who asks.</param>
    /// <param name="actor">Who asks, in the domain's words.</param>
    /// <param name="record">Receives every answer that counts as evidence.</param>
    public KubeApi(KubernetesClientConfiguration config, string actor, Action<ApiAnswer>? record = null)
        : this(new Kubernetes(config), config.TlsServerName, actor, record)
    {
    }

    private KubeApi(Kubernetes client, string? hostHeader, string actor, Action<ApiAnswer>? record, string? impersonated = null, string? group = null) =>
        (_client, _hostHeader, Actor, _record, _impersonated, _group) = (client, hostHeader, actor, record, impersonated, group);

    /// <summary>Who asks.</summary>
    public string Actor { get; }

    /// <summary>How long an answer is waited for.</summary>
    internal TimeSpan RequestDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The time by the API server's clock, to the second: that of its last answer and what has passed since. Clocks of machines differ,
    /// and may be set while a run goes on. This machine's time before there was an answer.
    /// </summary>
    internal DateTimeOffset ServerTime => _server is { } last ? last.Time + Stopwatch.GetElapsedTime(last.Timestamp) : DateTimeOffset.UtcNow;

    /// <summary>The same identity over the same connections, with its answers recorded elsewhere. Only the original is disposed.</summary>
    public KubeApi RecordingTo(Action<ApiAnswer> record) => new(_client, _hostHeader, Actor, record) { RequestDeadline = RequestDeadline };

    /// <summary>The same identity over the same connections, asking under somebody else's name. Only the original is disposed.</summary>
    /// <param name="user">The user name to take; of a ServiceAccount the API server adds the groups.</param>
    /// <param name="group">A group to be in; null for none but those.</param>
    public KubeApi As(string user, string? group = null) => new(_client, _hostHeader, Actor, _record, user, group) { RequestDeadline = RequestDeadline };

    /// <summary>Reads an object or a list.</summary>
    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>Creates an object.</summary>
    public Task<ApiAnswer> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Calls a create-only resource such as a review, whose answer is the evidence.</summary>
    /// <param name="path">The resource.</param>
    /// <param name="body">The question.</param>
    /// <param name="describe">The answer in words, from the body of a successful one.</param>
    public async Task<ApiAnswer> ReviewAsync(string path, JsonNode body, Func<JsonNode, string> describe)
    {
        var answer = await ExchangeAsync(HttpMethod.Post, path, body, "application/json");
        _record?.Invoke(answer.Allowed ? answer with { Message = describe(answer.Body!) } : answer);
        return answer;
    }

    /// <summary>Replaces an object.</summary>
    public Task<ApiAnswer> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body);

    /// <summary>Merges a patch into an object (RFC 7396).</summary>
    public Task<ApiAnswer> PatchAsync(string path, JsonNode patch) => SendAsync(HttpMethod.Patch, path, patch, MergePatch);

    /// <summary>Applies an object as GitOps does (server-side apply): creates it, or makes the fields that this manager has named what they are now.</summary>
    /// <param name="path">The object.</param>
    /// <param name="manager">Who owns the fields; what the same manager named before and names no more is removed.</param>
    /// <param name="body">The object, as far as the manager cares.</param>
    public Task<ApiAnswer> ApplyAsync(string path, string manager, JsonNode body) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager={Uri.EscapeDataString(manager)}&force=true", body, ApplyPatch);

    /// <summary>Deletes an object; <paramref name="options"/> is a DeleteOptions body.</summary>
    public Task<ApiAnswer> DeleteAsync(string path, JsonNode? options = null) => SendAsync(HttpMethod.Delete, path, options);

    /// <summary>Reads without leaving evidence: for polling and for the harness's own look-ups.</summary>
    public async Task<ApiAnswer> GetUnrecordedAsync(string path) => await ExchangeAsync(HttpMethod.Get, path, null, "application/json");

    /// <summary>Reads a whole list, page by page, without leaving evidence.</summary>
    /// <param name="path">The collection.</param>
    /// <param name="query">What else is asked, for example a label selector; empty for nothing.</param>
    /// <param name="metadataOnly">Have the server leave out everything but each object's metadata: of a Secret no value travels.</param>
    /// <param name="page">Is told after each page how many objects were read, and of how many, as far as the server tells; null for nobody.</param>
    /// <exception cref="KubeApiException">A page was refused: nothing can be judged by what is left.</exception>
    public async Task<List<JsonNode>> ListAsync(string path, string query = "", bool metadataOnly = false, Action<int, int>? page = null)
    {
        var items = new List<JsonNode>();
        for (string? next = ""; next is not null;)
        {
            var asked = $"{path}?limit={PageSize}{(query.Length == 0 ? "" : "&" + query)}{(next.Length == 0 ? "" : "&continue=" + Uri.EscapeDataString(next))}";
            var answer = (await ExchangeAsync(HttpMethod.Get, asked, null, "application/json", metadataOnly ? MetadataList : null)).OrThrow();
            items.AddRange(answer.Items.Select(i => i!));
            page?.Invoke(items.Count, items.Count + ((int?)answer.Body!["metadata"]?["remainingItemCount"] ?? 0));
            next = (string?)answer.Body!["metadata"]?["continue"] is { Length: > 0 } more ? more : null;
        }

        return items;
    }

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string contentType = "application/json")
    {
        var answer = await ExchangeAsync(method, path, body, contentType);
        _record?.Invoke(answer);
        return answer;
    }

    private async Task<ApiAnswer> ExchangeAsync(HttpMethod method, string path, JsonNode? body, string contentType, string? accept = null)
    {
        var at = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(RequestDeadline);
        using var request = await RequestAsync(method, path, deadline.Token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, contentType);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await AnsweredAsync(method, path, async () =>
        {
            using var response = await _client.HttpClient.SendAsync(request, deadline.Token);
            if (response.Headers.Date is { } time)
                _server = new(time, Stopwatch.GetTimestamp());
            var text = await response.Content.ReadAsStringAsync(deadline.Token);
            return Answer(method, path, (int)response.StatusCode, text, at, clock.Elapsed) with { Warnings = [.. response.Headers.Warning.Select(w => w.Text)] };
        });
    }

    private async Task<ApiAnswer> AnsweredAsync(HttpMethod method, string path, Func<Task<ApiAnswer>> exchange)
    {
        try
        {
            return await exchange();
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw await NoAnswerException.OfAsync($"{method} {path} as {Actor}", _client.BaseUri, RequestDeadline, e);
        }
    }

    // A stream that is refused: the WebSocket says no more than a number, the same path over plain HTTP says why.
    private async Task<T> OpenAsync<T>(string path, Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (Exception e) when (e is WebSocketException or HttpOperationException)
        {
            throw new StreamRefusedException(await ExchangeAsync(HttpMethod.Get, path, null, "application/json"), e);
        }
    }

    /// <summary>A watch: one JSON event a line, until the server or <paramref name="stop"/> ends it.</summary>
    /// <exception cref="KubeApiException">The watch was refused.</exception>
    public async IAsyncEnumerable<JsonNode> WatchAsync(string path, [EnumeratorCancellation] CancellationToken stop)
    {
        using var request = await RequestAsync(HttpMethod.Get, path, stop);
        using var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode)
        {
            var text = await response.Content.ReadAsStringAsync(stop);
            throw new KubeApiException(Answer(HttpMethod.Get, path, (int)response.StatusCode, text, DateTimeOffset.UtcNow, TimeSpan.Zero));
        }

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        while (await reader.ReadLineAsync(stop) is { } line)
            yield return JsonNode.Parse(line)!;
    }

    /// <summary>
    /// Opens a watch for as long as it takes the API server to decide about it, and records the decision:
    /// an allowed watch never ends by itself.
    /// </summary>
    public async Task<ApiAnswer> TryWatchAsync(string path)
    {
        var at = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(RequestDeadline);
        using var request = await RequestAsync(HttpMethod.Get, path, deadline.Token);
        var answer = await AnsweredAsync(HttpMethod.Get, path, async () =>
        {
            using var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            var text = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(deadline.Token);
            return Answer(HttpMethod.Get, path, (int)response.StatusCode, text, at, clock.Elapsed);
        });
        _record?.Invoke(answer);
        return answer;
    }

    /// <summary>Runs a command in a container over a WebSocket, as <c>kubectl exec</c> does.</summary>
    /// <exception cref="StreamRefusedException">The API server did not open the stream.</exception>
    /// <exception cref="TimeoutException">The command did not end within 30 s.</exception>
    public async Task<ExecOutcome> ExecAsync(string @namespace, string pod, string container, params string[] command)
    {
        var at = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(RequestDeadline);
        string stdout = "", stderr = "";
        var query = string.Concat(command.Select(c => $"&command={Uri.EscapeDataString(c)}"));
        var exit = await OpenAsync($"/api/v1/namespaces/{@namespace}/pods/{pod}/exec?container={container}&stdout=1&stderr=1{query}",
            () => _client.NamespacedPodExecAsync(pod, @namespace, container, command, false, async (_, output, error) =>
            {
                // The library's streams do not listen to a token: the deadline is ours.
                var texts = await Task.WhenAll(ReadAsync(output), ReadAsync(error)).WaitAsync(RequestDeadline);
                (stdout, stderr) = (texts[0], texts[1]);
            }, deadline.Token));
        _record?.Invoke(new(Actor, "EXEC", $"/api/v1/namespaces/{@namespace}/pods/{pod}/exec ({string.Join(' ', command)})",
            101, null, $"exit code {exit}", null, at, clock.Elapsed));
        return new(exit, stdout, stderr);
    }

    /// <summary>
    /// Reads what a stream of the API server sends that is opened by GET as a WebSocket, where no operation of the library's
    /// knows the path: the output of a command, by the protocol of <c>kubectl exec</c>.
    /// </summary>
    /// <returns>All output; it is also the answer's body.</returns>
    /// <exception cref="StreamRefusedException">The stream was refused.</exception>
    public async Task<ApiAnswer> ReadStreamAsync(string path)
    {
        var at = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(RequestDeadline);
        using var request = await RequestAsync(HttpMethod.Get, path, deadline.Token);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        foreach (var (name, values) in request.Headers)
            socket.Options.SetRequestHeader(name, string.Join(',', values));
        var uri = new UriBuilder(request.RequestUri!) { Scheme = request.RequestUri!.Scheme == "https" ? "wss" : "ws" };
        await OpenAsync(path, async () =>
        {
            await socket.ConnectAsync(uri.Uri, _client.HttpClient, deadline.Token);
            return socket;
        });
        var output = await OutputAsync(socket, deadline.Token);
        ApiAnswer answer = new(Actor, "GET", path, 101, null, "a stream was opened", JsonValue.Create(output), at, clock.Elapsed);
        _record?.Invoke(answer);
        return answer;
    }

    /// <summary>Sends one HTTP GET to a port of a pod through the API server, as <c>kubectl port-forward</c> does.</summary>
    /// <returns>The raw HTTP answer of the pod.</returns>
    public async Task<string> PortForwardGetAsync(string @namespace, string pod, int port)
    {
        var at = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(RequestDeadline);
        var socket = await OpenAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/namespaces/{@namespace}/pods/{pod}/portforward?ports={port}"),
            () => _client.WebSocketNamespacedPodPortForwardAsync(pod, @namespace, [port], "v4.channel.k8s.io", cancellationToken: deadline.Token));
        using var demuxer = new StreamDemuxer(socket, StreamType.PortForward, ownsSocket: true);
        using var stream = demuxer.GetStream((byte?)0, (byte?)0);
        demuxer.Start();
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: pod\r\nConnection: close\r\n\r\n"u8.ToArray(), deadline.Token);
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer, deadline.Token).AsTask().WaitAsync(RequestDeadline);
        var text = Encoding.UTF8.GetString(buffer, 0, read);
        _record?.Invoke(new(Actor, "PORT-FORWARD", $"/api/v1/namespaces/{@namespace}/pods/{pod}/portforward?ports={port.ToString(CultureInfo.InvariantCulture)}",
            101, null, text.Split('\r')[0], null, at, clock.Elapsed));
        return text;
    }

    /// <summary>
    /// HTTP to a port of a pod through the API server and the node: to what listens inside the pod, its loopback included, past
    /// every NetworkPolicy. Connections stay open for the next request. Leaves no evidence.
    /// </summary>
    /// <returns>Requests go to <c>http://pod/</c>, whatever the path. The caller disposes it.</returns>
    public HttpClient Tunnel(string @namespace, string pod, int port) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, stop) => new PortForwardStream(
            await _client.WebSocketNamespacedPodPortForwardAsync(pod, @namespace, [port], "v4.channel.k8s.io", cancellationToken: stop)),
    }) { BaseAddress = new("http://pod/"), Timeout = RequestDeadline };

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        var request = new HttpRequestMessage(method, new Uri(_client.BaseUri, path.TrimStart('/')));
        // The library's own operations do this too: its HttpClient alone carries no token.
        if (_client.Credentials is { } credentials)
            await credentials.ProcessHttpRequestAsync(request, cancel);
        if (!string.IsNullOrEmpty(_hostHeader))
            request.Headers.Host = _hostHeader;
        if (_impersonated is not null)
            request.Headers.Add("Impersonate-User", _impersonated);
        if (_group is not null)
            request.Headers.Add("Impersonate-Group", _group);
        return request;
    }

    /// <summary>Attaches to a running container, as <c>kubectl attach</c> does, until it prints something.</summary>
    /// <returns>The first line that it printed since.</returns>
    public async Task<string> AttachAsync(string @namespace, string pod, string container)
    {
        var at = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        using var deadline = new CancellationTokenSource(RequestDeadline);
        // By position: the name of the parameter for the sub-protocol changed between releases of the library.
        var socket = await OpenAsync($"/api/v1/namespaces/{@namespace}/pods/{pod}/attach?container={container}&stdout=1",
            () => _client.WebSocketNamespacedPodAttachAsync(pod, @namespace, container, true, false, true, false, "v4.channel.k8s.io", cancellationToken: deadline.Token));
        using var demuxer = new StreamDemuxer(socket, ownsSocket: true);
        await using var output = demuxer.GetStream(ChannelIndex.StdOut, null);
        using var reader = new StreamReader(output);
        demuxer.Start();
        var line = await reader.ReadLineAsync(deadline.Token).AsTask().WaitAsync(RequestDeadline) ?? "";
        _record?.Invoke(new(Actor, "ATTACH", $"/api/v1/namespaces/{@namespace}/pods/{pod}/attach", 101, null, $"read {line.Length} characters", null, at, clock.Elapsed));
        return line;
    }

    private ApiAnswer Answer(HttpMethod method, string path, int code, string text, DateTimeOffset at, TimeSpan took)
    {
        JsonNode? body = null;
        if (text.StartsWith('{'))
        {
            try { body = JsonNode.Parse(text); }
            catch (JsonException) { body = null; } // a log that happens to start with a brace
        }

        var status = (string?)(body as JsonObject)?["kind"] == "Status" ? body : null;
        var message = (string?)status?["message"] ?? (code >= 400 ? OtherText.Told(text) : null);
        return new(Actor, method.Method, path, code, (string?)status?["reason"], message, body ?? JsonValue.Create(text), at, took);
    }

    // The first byte of a message is its channel: 1 is standard output, 2 standard error, 3 the end.
    private static async Task<string> OutputAsync(ClientWebSocket socket, CancellationToken stop)
    {
        var output = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), stop);
                length += part.Count;
            }
            while (!part.EndOfMessage && length < buffer.Length);
            if (part.MessageType == WebSocketMessageType.Close || (length > 0 && buffer[0] == 3))
                return output.ToString();
            if (length > 1)
                output.Append(Encoding.UTF8.GetString(buffer, 1, length - 1));
        }
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private sealed record ServerClock(DateTimeOffset Time, long Timestamp);
}

/// <summary>What a command run in a container gave back.</summary>
/// <param name="ExitCode">The process's exit code.</param>
/// <param name="Stdout">All of its standard output.</param>
/// <param name="Stderr">All of its standard error.</param>
public sealed record ExecOutcome(int ExitCode, string Stdout, string Stderr);
