using System.Net.Http.Headers;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>An answer of the model server, read whole.</summary>
internal sealed record ModelAnswer(int Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The reason in an error's body.</summary>
    public string? Code => Json.GetProperty("error").GetProperty("code").GetString();

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>A model server with folders of its own.</summary>
internal sealed partial class RunningModelServer : IAsyncDisposable
{
    public const string Chat = "/v1/chat/completions";
    public static readonly string Key = new('k', 40);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private RunningModelServer(TestFolder keys, TestFolder limits, FleetProcess process) => (Keys, Limits, Process) = (keys, limits, process);

    public TestFolder Keys { get; }

    public TestFolder Limits { get; }

    public FleetProcess Process { get; }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Starts one with the key "gateway" and no limits; what it is to do otherwise is an argument.</summary>
    public static Task<RunningModelServer> StartAsync(params string[] arguments) => StartAsync(true, new Dictionary<string, string>(), arguments);

    public static async Task<RunningModelServer> StartAsync(bool withKeys, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (keys, limits) = (new TestFolder(), new TestFolder());
        File.WriteAllText(keys.File("gateway"), Key + "\n");
        string[] folders = withKeys ? ["--keys", keys.Path] : [];
        string[] speed = arguments.Contains("--token-microseconds") ? [] : ["--token-microseconds", "0"];
        var process = FleetProcess.Start(environment, ["model-server", "--port", "0", .. speed, .. folders, "--limits", limits.Path, .. arguments]);
        var server = new RunningModelServer(keys, limits, process);
        await process.SaysAsync("answering on port");
        server._http.BaseAddress = new Uri($"http://127.0.0.1:{Port().Match(process.Output).Groups[1].Value}");
        return server;
    }

    public void Limit(string name, string value) => File.WriteAllText(Limits.File(name), value);

    public Task<ModelAnswer> GetAsync(string path, string? authorization = null) => SendAsync(HttpMethod.Get, path, authorization is null ? [] : [("Authorization", authorization)]);

    /// <summary>Asks for a completion with the key.</summary>
    public Task<ModelAnswer> ChatAsync(int tokens = 3, string prompt = "Who are you?", string? key = null, CancellationToken cancel = default) =>
        SendAsync(HttpMethod.Post, Chat, [("Authorization", "Bearer " + (key ?? Key))], new StringContent(Body(tokens, prompt), Encoding.UTF8), cancel);

    public Task<ModelAnswer> PostAsync(string body, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, Chat, headers, new StringContent(body, Encoding.UTF8));

    public async Task<ModelAnswer> SendAsync(HttpMethod method, string path, (string Name, string Value)[] headers, HttpContent? content = null, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, cancel);
        return new((int)response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(cancel));
    }

    /// <summary>Waits until its metrics have all of these lines.</summary>
    public async Task ShowsAsync(params string[] lines)
    {
        var seen = "";
        var looking = Task.CompletedTask;
        await Eventually.HoldsAsync(() =>
        {
            if (looking.IsCompleted)
                looking = LookAsync();
            return lines.All(l => seen.Contains(l, StringComparison.Ordinal));
        }, string.Concat(lines), () => seen);
        await looking;

        async Task LookAsync() => seen = (await GetAsync("/metrics")).Text;
    }

    public static string Body(int tokens = 3, string prompt = "Who are you?") =>
        $$"""{"model":"fleet-chat","max_tokens":{{tokens}},"messages":[{"role":"user","content":"{{prompt}}"}]}""";

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _http.Dispose();
        Keys.Dispose();
        Limits.Dispose();
    }

    [GeneratedRegex(@"answering on port ([0-9]+)")]
    private static partial Regex Port();
}
