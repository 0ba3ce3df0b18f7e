namespace SecuritySpecs.FleetProgram.Models;

/// <summary><c>fleet call</c>: calls an HTTP server as a client that holds keys would, once or many times.</summary>
internal sealed class CallRole : Role
{
    public override string Name => "call";

    public override string Summary => "make HTTP requests with keys from files, once or in a flood, and print the outcome as JSON";

    public override IReadOnlyCollection<string> Options => ["--keys"];

    public override string Help =>
        $$"""
        Usage: fleet call http://HOST:PORT PLAN [--keys DIR]

        PLAN is a JSON array of steps, taken one after another. A step: path, method (default GET, or POST with a body),
        headers (an array of "Name: value"), body, count (default 1), atOnce (default 1), forMs (end after so long; then count has
        no default), pauseMs (between requests), timeoutMs (of each), until (a status that ends it), untilNewKey (so many requests
        with other headers than the first one's end it), wait ("retry-after": first wait as long as the answer before said).

        In path, headers and body stand {key:NAME} for the content of a file in --keys, {start:NAME} for its first half,
        {capitals:NAME} for it in capitals, {basic:NAME} for it as HTTP Basic carries it, {padding:N} for N letters and {n} for
        the number of the request: so no key is ever on a command line. Files are read again for each request.

        Prints one line: a JSON array with an outcome for each step: statuses (how many of each; "none" for no answer), tokens
        (the completion tokens that were answered), byKey (statuses by the headers that were sent, in the order in which they
        came up: where a key in a file is replaced meanwhile, what each of the two was answered), ms, slowestMs, and of the last
        answer status, headers, body (its first {{CallStep.BodyLength}} characters).

          --keys DIR  where the keys are (default {{DefaultKeys}})
        """;

    private const string DefaultKeys = "/key";

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        if (arguments.Words is not [var server, var plan] || !Uri.TryCreate(server, UriKind.Absolute, out var uri) || uri.Scheme != "http")
            throw new UsageException("expected http://HOST:PORT and a plan");
        var steps = Steps(plan);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = uri };
        var keys = arguments.Text("--keys") ?? DefaultKeys;
        var outcomes = new JsonArray();
        JsonObject? before = null;
        foreach (var step in steps)
            outcomes.Add((JsonNode)(before = await step.RunAsync(http, keys, before, stop)));
        Console.WriteLine(outcomes.ToJsonString());
        return 0;
    }

    private static List<CallStep> Steps(string plan)
    {
        try
        {
            return [.. JsonNode.Parse(plan)!.AsArray().Select(s => CallStep.Parse(s!.AsObject()))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new UsageException($"the plan is no JSON array of steps: {e.Message}");
        }
    }
}

/// <summary>One step of a plan.</summary>
internal sealed partial record CallStep(
    string Path, string? Method, string[] Headers, string? Body, int Count, int AtOnce, TimeSpan? For, TimeSpan Pause, TimeSpan Timeout,
    int? Until, int? UntilNewKey, bool WaitFirst)
{
    /// <summary>How much of an answer is shown.</summary>
    public const int BodyLength = 4000;

    public static CallStep Parse(JsonObject json) => new(
        (string?)json["path"] ?? throw new FormatException("a step has a path"), (string?)json["method"], [.. (json["headers"]?.AsArray() ?? []).Select(h => (string)h!)], (string?)json["body"],
        (int?)json["count"] ?? (json["forMs"] is null ? 1 : int.MaxValue), (int?)json["atOnce"] ?? 1,
        (int?)json["forMs"] is { } ms ? TimeSpan.FromMilliseconds(ms) : null, TimeSpan.FromMilliseconds((int?)json["pauseMs"] ?? 0),
        TimeSpan.FromMilliseconds((int?)json["timeoutMs"] ?? 20_000),
        (int?)json["until"], (int?)json["untilNewKey"], (string?)json["wait"] == "retry-after");

    /// <summary>Takes the step.</summary>
    public async Task<JsonObject> RunAsync(HttpClient http, string keys, JsonObject? before, CancellationToken stop)
    {
        if (WaitFirst)
            await Task.Delay(TimeSpan.FromSeconds(RetryAfter(before)), stop);
        var run = new CallRun();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (For is { } time)
            end.CancelAfter(time);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync(run, http, keys, end.Token)));
        stop.ThrowIfCancellationRequested();
        return run.ToJson();
    }

    private async Task WorkAsync(CallRun run, HttpClient http, string keys, CancellationToken end)
    {
        try
        {
            while (run.Next(Count) is { } number && await OnceAsync(run, http, keys, number, end) != Until && !(run.WithNewKey >= UntilNewKey))
                await Task.Delay(Pause, end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is up: what is under way does not count.
        }
    }

    private async Task<int> OnceAsync(CallRun run, HttpClient http, string keys, int number, CancellationToken end)
    {
        var clock = Stopwatch.StartNew();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end);
        patience.CancelAfter(Timeout);
        var headers = Headers.Select(h => Fill(h, keys, number)).ToArray();
        using var request = Request(keys, number, headers);
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            run.Add(response, await response.Content.ReadAsStringAsync(patience.Token), clock.Elapsed, headers);
            return (int)response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !end.IsCancellationRequested)
        {
            run.AddNone(e.Message, clock.Elapsed, headers);
            return 0;
        }
    }

    private HttpRequestMessage Request(string keys, int number, string[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(Method ?? (Body is null ? "GET" : "POST")), new Uri(Fill(Path, keys, number), UriKind.Relative));
        if (Body is not null)
            request.Content = new StringContent(Fill(Body, keys, number), Encoding.UTF8, "application/json");
        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            request.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }
        return request;
    }

    private static string Fill(string text, string keys, int number) => Placeholder().Replace(text, match => (match.Groups[1].Value, match.Groups[2].Value) switch
    {
        ("n", _) => number.ToString(CultureInfo.InvariantCulture),
        ("padding", var length) => new string('x', int.Parse(length, CultureInfo.InvariantCulture)),
        ("key", var name) => Key(keys, name),
        ("start", var name) => Key(keys, name) is var key ? key[..(key.Length / 2)] : "",
        ("capitals", var name) => Key(keys, name).ToUpperInvariant(),
        (_, var name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + Key(keys, name))),
    });

    private static string Key(string folder, string name) => File.ReadAllText(System.IO.Path.Combine(folder, name)).Trim();

    private static int RetryAfter(JsonObject? before) =>
        int.TryParse((string?)before?["headers"]?["Retry-After"], CultureInfo.InvariantCulture, out var seconds) ? seconds
            : throw new FleetException("the plan waits for Retry-After, and the answer before had none");

    [GeneratedRegex(@"\{(n|(?:padding|key|start|capitals|basic)(?=:))(?::([-._a-zA-Z0-9]+))?\}")]
    private static partial Regex Placeholder();
}

/// <summary>What a step has seen so far; many requests add to it at once.</summary>
internal sealed class CallRun
{
    private readonly SortedDictionary<string, int> _statuses = new(StringComparer.Ordinal);
    private readonly List<(string Headers, SortedDictionary<string, int> Statuses)> _byKey = [];
    private const int MostKeys = 10;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private int _begun;
    private long _tokens;
    private TimeSpan _slowest;
    private JsonObject _last = None("the time was up before the first answer");

    /// <summary>The number of the next request, from 0; null where there is to be none.</summary>
    public int? Next(int count)
    {
        var number = Interlocked.Increment(ref _begun) - 1;
        return number < count ? number : null;
    }

    /// <summary>How many requests had other headers than the first one.</summary>
    public int WithNewKey
    {
        get
        {
            lock (_lock)
                return _byKey.Skip(1).Sum(k => k.Statuses.Values.Sum());
        }
    }

    /// <summary>Adds an answer.</summary>
    public void Add(HttpResponseMessage response, string body, TimeSpan took, string[] sent)
    {
        var headers = new JsonObject();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
            headers[name] = string.Join(", ", values);
        var status = (int)response.StatusCode;
        Add(status.ToString(CultureInfo.InvariantCulture), Tokens(body), took, sent,
            new() { ["status"] = status, ["headers"] = headers, ["body"] = body[..Math.Min(body.Length, CallStep.BodyLength)] });
    }

    /// <summary>Adds a request without an answer.</summary>
    public void AddNone(string why, TimeSpan took, string[] sent) => Add("none", 0, took, sent, None(why));

    public JsonObject ToJson()
    {
        _last["statuses"] = ToJson(_statuses);
        _last["byKey"] = new JsonArray([.. _byKey.Select(k => (JsonNode)ToJson(k.Statuses))]);
        _last["tokens"] = _tokens;
        _last["ms"] = Math.Round(_clock.Elapsed.TotalMilliseconds, 1);
        _last["slowestMs"] = Math.Round(_slowest.TotalMilliseconds, 1);
        return _last;
    }

    private static JsonObject ToJson(SortedDictionary<string, int> statuses)
    {
        var json = new JsonObject();
        foreach (var (status, count) in statuses)
            json[status] = count;
        return json;
    }

    private static JsonObject None(string why) => new() { ["status"] = null, ["headers"] = new JsonObject(), ["body"] = why };

    private void Add(string status, int tokens, TimeSpan took, string[] sent, JsonObject answer)
    {
        var headers = string.Join('\n', sent);
        lock (_lock)
        {
            _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
            // Headers that count the requests are all different; of these the first few do.
            if (_byKey.Count < MostKeys && _byKey.All(k => k.Headers != headers))
                _byKey.Add((headers, new(StringComparer.Ordinal)));
            if (_byKey.Find(k => k.Headers == headers).Statuses is { } ofKey)
                ofKey[status] = ofKey.GetValueOrDefault(status) + 1;
            _tokens += tokens;
            _slowest = took > _slowest ? took : _slowest;
            _last = answer;
        }
    }

    private static int Tokens(string body)
    {
        try
        {
            return (int?)((JsonNode.Parse(body) as JsonObject)?["usage"] as JsonObject)?["completion_tokens"] ?? 0;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return 0; // no JSON, or not ours
        }
    }
}
