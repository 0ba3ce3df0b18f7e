namespace SecuritySpecs.FleetProgram.Models;

/// <summary><c>fleet model-server</c>: a model server with keys and rates, and no model.</summary>
internal sealed class ModelServerRole : Role
{
    private const int DefaultPort = 8000;

    public override string Name => "model-server";

    public override string Summary => "an OpenAI-style model server with API keys and rates, and synthetic answers";

    public override IReadOnlyCollection<string> Options => ["--port", "--keys", "--key-variable", "--limits", "--slots", "--queue", "--token-microseconds"];

    public override IReadOnlyCollection<string> Flags => ["--log-headers"];

    public override string Help =>
        $"""
        Usage: fleet model-server [option ...]

        Answers GET /v1/models and POST /v1/chat/completions (model {ModelServer.Model}; stream: true too) with words that
        depend on the question alone, one word a token, always as many as max_tokens asks for. GET /health and GET /metrics
        (Prometheus, vLLM's names; requests by key id and status) ask for no key, as in vLLM: a network policy keeps them.

        Under /v1 a request shows its key as 'Authorization: Bearer KEY' and nowhere else: 401 invalid_api_key otherwise. Each
        request with a key counts one, whatever comes of it; over the key's rate it is 429 with Retry-After (seconds), and is
        not counted. Too long a body is 413, a wrong one 400, a full queue 503. Errors have OpenAI's shape. The log has the id of
        a key, never a key or a question. Counts are this process's own: N servers give a key N times its rate.

          --port PORT              0 to 65535; 0 is any free one, which the log names (default {DefaultPort})
          --keys DIR               one file a key, called by its id (a mounted Secret), read again for each request; a key has
                                   at least {KeyRing.ShortestKey} characters. Without it anyone is let in
          --key-variable NAME      a variable of the environment with a key, in place of --keys or beside it
          --limits DIR             one file a limit (a mounted ConfigMap), read again for each request: requests-per-minute and
                                   burst of each key, max-tokens of an answer, max-body-bytes, counted-by (key; or
                                   x-forwarded-for, a mistake). A limit without a file does not exist
          --slots N                requests answered at once (default 4)
          --queue N                requests that wait beyond them (default 32)
          --token-microseconds N   how long one token takes (default 200)
          --log-headers            log the headers of every request, keys and all: a mistake
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var port = arguments.Number("--port", 0, 65535, DefaultPort);
        var keys = new KeyRing(Folder(arguments, "--keys"), arguments.Text("--key-variable"), Log.Line);
        using var engine = new Engine(arguments.Number("--slots", 1, 1000, 4), arguments.Number("--queue", 0, 100_000, 32),
            TimeSpan.FromMicroseconds(arguments.Number("--token-microseconds", 0, 1_000_000, 200)));
        var server = new ModelServer(keys, Folder(arguments, "--limits"), engine, arguments.Has("--log-headers"));
        // Too long a body is told in OpenAI's shape.
        await using var app = HttpServers.At(port, server.HandleAsync, kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await app.StartAsync(stop);
        Log.Line($"answering on port {app.Port()}{(keys.IsOpen ? ", to anyone: it has no keys" : "")}");
        await HttpServers.ServeAsync(stop, app);
        return 0;
    }

    // A mistyped folder would let nobody in (keys) or everything through (limits): it is told at the start.
    private static string? Folder(Arguments arguments, string option) => arguments.Text(option) switch
    {
        null => null,
        var folder when Directory.Exists(folder) => folder,
        var folder => throw new FleetException($"{option} {folder}: there is no such folder"),
    };
}
