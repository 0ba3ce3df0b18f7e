using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Drivers.NetworkBoundaries.Models;

/// <summary>How a client that floods a model server tries to be counted as many.</summary>
/// <param name="Phrase">As features say it, after "a flood that".</param>
/// <param name="Change">What it does to its calls.</param>
public sealed record FloodVariant(string Phrase, Action<JsonObject> Change)
{
    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases = "opens a connection for each call|names another address in each call|names another user in each call"
        + "|calls itself another program in each call|asks for a model that is not there|asks for the models alone|writes the scheme in small letters";

    /// <summary>Every variant that features may name.</summary>
    public static readonly IReadOnlyList<FloodVariant> All =
    [
        new("opens a connection for each call", step => Header(step, "Connection: close")),
        new("names another address in each call", step => Header(step, "X-Forwarded-For: 10.0.0.{n}")),
        new("names another user in each call", step => step["body"] = ((string)step["body"]!).Replace("{\"model\"", "{\"user\":\"u{n}\",\"model\"", StringComparison.Ordinal)),
        new("calls itself another program in each call", step => Header(step, "User-Agent: program-{n}")),
        new("asks for a model that is not there", step => step["body"] = ((string)step["body"]!).Replace("fleet-chat", "other", StringComparison.Ordinal)),
        new("asks for the models alone", step => (step["path"], step["body"]) = ("/v1/models", null)),
        new("writes the scheme in small letters", step => step["headers"]![0] = "Authorization: bearer {key:key}"),
    ];

    /// <summary>The variant of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static FloodVariant Of(string phrase) => All.FirstOrDefault(g => g.Phrase == phrase)
        ?? throw new ArgumentException($"No variant of a flood is called \"{phrase}\"; there are: {string.Join("; ", All.Select(g => g.Phrase))}.");

    private static void Header(JsonObject step, string header) => step["headers"]!.AsArray().Add((JsonNode)header);
}

/// <summary>What came of a flood.</summary>
/// <param name="Flood">All its calls.</param>
/// <param name="After">One more call right after it.</param>
/// <param name="Limits">The limits of controls/keys-and-rates.yaml as the file says.</param>
/// <param name="Servers">How many servers it went to.</param>
public sealed record FloodOutcome(CallOutcome Flood, CallOutcome After, JsonObject Limits, int Servers)
{
    /// <summary>The most that the rate lets through in the time that the flood took: what comes back meanwhile can be one call each more.</summary>
    public int Allowance => Servers * (Burst + (int)Math.Ceiling(Flood.Took.TotalMinutes * Limit("requests-per-minute")));

    /// <summary>What a key that has rested may do at once.</summary>
    public int Burst => Limit("burst");

    /// <summary>Whether every call was answered.</summary>
    public bool IsAnsweredInFull => Flood.IsAnsweredInFull;

    /// <summary>Whether the rate let no more through than it should, refused the rest, and says when to come back.</summary>
    public bool IsCutOff => Flood.RefusedByRate > 0 && Flood.LetThrough <= Allowance && !Flood.Statuses.ContainsKey("none")
        && After is { Status: 429, Code: "rate_limit_exceeded", RetryAfter: not null };

    /// <inheritdoc/>
    public override string ToString() => $"{Flood}; then {After.Status} {After.Code}{(After.RetryAfter is { } wait ? $", to wait {wait.TotalSeconds:0} s" : "")}; at most {Allowance} may pass";

    private int Limit(string name) => int.Parse((string)Limits[name]!, CultureInfo.InvariantCulture);
}

/// <summary>What two clients of one model server were answered, of which one flooded it.</summary>
/// <param name="Flood">The one that flooded.</param>
/// <param name="Before">The other one, before the flood.</param>
/// <param name="During">Meanwhile.</param>
/// <param name="After">After it.</param>
public sealed record BesideFlood(CallOutcome Flood, CallOutcome Before, CallOutcome During, CallOutcome After)
{
    /// <summary>Whether the other one was answered in full while nobody flooded: only then is it the flood that takes its answers.</summary>
    public bool IsAnsweredOtherwise => Before.IsAnsweredInFull && After.IsAnsweredInFull;

    /// <summary>Whether the flood took answers from the other one: there was no place in the queue, or the wait was too long.</summary>
    public bool IsStarved => Flood.Statuses.ContainsKey("200") && (During.Statuses.ContainsKey("503") || During.Statuses.ContainsKey("none"));

    /// <inheritdoc/>
    public override string ToString() => $"before the flood {Before}, meanwhile {During}, after it {After}; the flood: {Flood}";
}

/// <summary>Floods of calls: to extract as much of a model as possible, or to leave nothing of it to others.</summary>
public sealed partial class ModelFloodDriver(ScenarioPlatform scenario, ModelServerDriver servers, ModelCallDriver calls)
{
    /// <summary>The calls of one flood.</summary>
    public const int Calls = 60;

    private const string NewConnections = "opens a connection for each call";
    private const int AtOnce = 20;
    private const int Tokens = 4;
    private const double ShortestFlood = 5;
    private const double LongestFlood = 40;

    /// <summary>Floods a tenant's model server from one client.</summary>
    /// <param name="client">Who floods.</param>
    /// <param name="variant">What it tries in order to be counted as many; null for nothing.</param>
    public async Task<FloodOutcome> FloodAsync(ModelClient client, FloodVariant? variant = null) =>
        Outcome(client, await calls.CallAsync(client, FloodStep(variant), OneMore()), 1);

    /// <summary>Floods the model servers behind a tenant's Service from one client, over a new connection for each call.</summary>
    /// <param name="client">Who floods.</param>
    /// <param name="servers">How many servers are behind it.</param>
    public async Task<FloodOutcome> FloodServiceAsync(ModelClient client, int servers)
    {
        var service = await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{client.Of.Namespace}/services/{ModelServerDriver.Server}");
        var spec = service.OrThrow().Body!["spec"]!;
        var url = $"http://{HostName.InUrl((string)spec["clusterIP"]!)}:{spec["ports"]![0]!["port"]}/";
        await Poll.UntilAsync($"all servers behind the service of tenant \"{client.Of.Name}\" to answer", () => ServersAsync(client, url), n => n == servers, n => $"{n} of {servers}");
        return Outcome(client, await calls.CallAsync(client, url, FloodStep(FloodVariant.Of(NewConnections)), OneMore()), servers);
    }

    /// <summary>Floods a tenant's model server from one client while another calls now and then, and before and after the flood.</summary>
    /// <returns>What the two were answered.</returns>
    public async Task<BesideFlood> FloodBesideAsync(ModelClient client, ModelClient neighbour)
    {
        var call = ModelCall.WithItsKey.Step();
        (call["pauseMs"], call["timeoutMs"]) = (400, 1500);
        var clock = Stopwatch.StartNew();
        var beforehand = (await calls.CallAsync(neighbour, call))[0];
        // Until the other's calls are over, which begin when their process does: on a busy machine that takes seconds.
        var length = TimeSpan.FromSeconds(Math.Min(ShortestFlood + (2 * clock.Elapsed.TotalSeconds), LongestFlood));
        var flood = FloodStep(null, 64);
        (flood["count"], flood["forMs"], flood["atOnce"], flood["pauseMs"]) = (null, (int)length.TotalMilliseconds, 60, 500);
        // With the calls before and after, no more than a key that has rested may do at once.
        (call["count"], call["until"]) = (3, 503);
        var before = await RequestsAsync(client.Of);
        var flooding = calls.CallAsync(client, flood);
        // Who calls before the flood is there, or after it, shows nothing.
        await Poll.UntilAsync($"the flood to reach the model server of tenant \"{client.Of.Name}\"", () => RequestsAsync(client.Of), n => n >= before + 40, n => $"{n - before} requests");
        var beside = (await calls.CallAsync(neighbour, call))[0];
        if (flooding.IsCompleted)
            throw new TimeoutException($"The flood of {length.TotalSeconds:0} s was over before the calls beside it were: {beside}");
        var flooded = (await flooding)[0];
        call["count"] = 1;
        var afterwards = (await calls.CallAsync(neighbour, call))[0];
        scenario.Note($"{client}", $"floods for {length.TotalSeconds:0} s: {flooded}");
        scenario.Note($"{neighbour}", $"calls before: {beforehand}; meanwhile: {beside}; after: {afterwards}");
        return new(flooded, beforehand, beside, afterwards);
    }

    // Those that are over, are answered now, or wait.
    private async Task<double> RequestsAsync(Tenant tenant) => Series.OfText(await servers.MetricsAsync(tenant))
        .Where(s => s["__name__"] is "model_server_requests_total" or "vllm:num_requests_running" or "vllm:num_requests_waiting").Sum(s => s.Value);

    /// <summary>Floods a tenant's model server, and then calls again at once and once more after the time that it is told to wait.</summary>
    /// <returns>The answers before and after the wait.</returns>
    public async Task<(CallOutcome Before, CallOutcome After)> WaitAsToldAsync(ModelClient client)
    {
        var later = ModelCall.WithItsKey.Step();
        later["wait"] = "retry-after";
        var outcomes = await calls.CallAsync(client, FloodStep(null), OneMore(), later);
        scenario.Note($"{client}", $"floods: {outcomes[0]}; at once: {outcomes[1]}, to wait {outcomes[1].RetryAfter?.TotalSeconds} s; then: {outcomes[2]}");
        return (outcomes[1], outcomes[2]);
    }

    // Each server's metrics say when it started.
    private async Task<int> ServersAsync(ModelClient client, string url)
    {
        var look = ModelCall.Of("for its metrics without a key").Step();
        FloodVariant.Of(NewConnections).Change(look);
        var seen = await calls.CallAsync(client, url, [.. Enumerable.Repeat(look, 12)]);
        return seen.Select(o => Started().Match(o.Answer).Value).Where(v => v.Length > 0).Distinct().Count();
    }

    private FloodOutcome Outcome(ModelClient client, IReadOnlyList<CallOutcome> seen, int servers)
    {
        var limits = scenario.Load("controls/keys-and-rates.yaml", new Dictionary<string, string> { ["NAMESPACE"] = client.Of.Namespace }).Objects[0]["data"]!.AsObject();
        var outcome = new FloodOutcome(seen[0], seen[1], limits, servers);
        scenario.Note($"{client}", $"a flood of {Calls} calls: {outcome}");
        return outcome;
    }

    private static JsonObject FloodStep(FloodVariant? variant, int tokens = Tokens)
    {
        var step = ModelCall.Of("for 64 tokens").Step();
        step["body"] = ((string)step["body"]!).Replace("\"max_tokens\":64", string.Create(CultureInfo.InvariantCulture, $"\"max_tokens\":{tokens}"), StringComparison.Ordinal);
        (step["count"], step["atOnce"]) = (Calls, AtOnce);
        variant?.Change(step);
        return step;
    }

    // A call may have come back while the flood ended: the next one then finds none.
    private static JsonObject OneMore()
    {
        var step = ModelCall.WithItsKey.Step();
        (step["until"], step["count"]) = (429, 3);
        return step;
    }

    [GeneratedRegex("(?m)^process_start_time_seconds .*$")]
    private static partial Regex Started();
}
