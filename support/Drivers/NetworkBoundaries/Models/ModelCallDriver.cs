using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.NetworkBoundaries.Models;

/// <summary>A client that calls a model server from inside its own pod.</summary>
/// <param name="Tenant">Whose client.</param>
/// <param name="Pod">Its pod.</param>
/// <param name="Of">Whose model server.</param>
public sealed record ModelClient(Tenant Tenant, string Pod, Tenant Of)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Pod} of tenant \"{Tenant.Name}\"";
}

/// <summary>What became of one or many equal calls.</summary>
/// <param name="Statuses">How often which HTTP status was answered; <c>none</c> where there was no answer.</param>
/// <param name="ByKey">The same for each key that the client showed, in the order in which it had them.</param>
/// <param name="Tokens">The tokens that were answered.</param>
/// <param name="Took">From the first call to the last answer.</param>
/// <param name="Status">The last answer's HTTP status.</param>
/// <param name="Code">The reason in an error of OpenAI's shape; empty where the last answer is none.</param>
/// <param name="RetryAfter">How long the last answer says to wait; null where it does not.</param>
/// <param name="Answer">The last answer's headers and body: to look for what must not be in it. No evidence.</param>
public sealed record CallOutcome(
    IReadOnlyDictionary<string, int> Statuses, IReadOnlyList<IReadOnlyDictionary<string, int>> ByKey, int Tokens, TimeSpan Took, int? Status, string Code, TimeSpan? RetryAfter, string Answer)
{
    /// <summary>Whether there were calls and each was answered.</summary>
    public bool IsAnsweredInFull => Statuses is { Count: 1 } && Statuses.ContainsKey("200");

    /// <summary>Calls that were refused by the rate.</summary>
    public int RefusedByRate => Statuses.GetValueOrDefault("429");

    /// <summary>Calls that the rate let through, whatever became of them.</summary>
    public int LetThrough => Statuses.Values.Sum() - RefusedByRate;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Told(Statuses)}{(Code.Length > 0 ? " " + Code : "")}, {Tokens} tokens in {Took.TotalMilliseconds:0} ms";

    /// <summary>Statuses and how often each came, for people.</summary>
    public static string Told(IReadOnlyDictionary<string, int> statuses) => string.Join(", ", statuses.Select(s => $"{s.Value} x {s.Key}"));

    internal static CallOutcome Of(JsonNode report)
    {
        var body = (string)report["body"]!;
        return new(StatusesOf(report["statuses"]!), [.. report["byKey"]!.AsArray().Select(k => StatusesOf(k!))], (int)report["tokens"]!,
            TimeSpan.FromMilliseconds((double)report["ms"]!), (int?)report["status"], CodeOf(body),
            (string?)report["headers"]!["Retry-After"] is { } seconds ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)) : null,
            report["headers"]!.ToJsonString() + body);
    }

    private static Dictionary<string, int> StatusesOf(JsonNode counts) => counts.AsObject().ToDictionary(s => s.Key, s => (int)s.Value!);

    private static string CodeOf(string body) => body.StartsWith("{\"error\":", StringComparison.Ordinal) ? (string)JsonNode.Parse(body)!["error"]!["code"]! : "";
}

/// <summary>A row of a table of calls.</summary>
/// <param name="Call">A <see cref="ModelCall"/>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The reason in the error's body; empty for none.</param>
public sealed record ExpectedCall(string Call, int Status, string Code);

/// <summary>Calls to model servers by HTTP, made inside the clients' pods with the keys that are mounted there.</summary>
public sealed class ModelCallDriver(ScenarioPlatform scenario)
{
    private const int ServerPort = 8000;

    private readonly List<(ModelClient Client, string Answer)> _answers = [];

    /// <summary>What the calls of this scenario were answered so far: headers and bodies.</summary>
    public IReadOnlyList<(ModelClient Client, string Answer)> Answers => _answers;

    /// <summary>What one client was answered so far.</summary>
    public IEnumerable<string> AnswersOf(ModelClient client) => _answers.Where(a => a.Client == client).Select(a => a.Answer);

    /// <summary>Makes calls one after another.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="steps">Steps of <c>fleet call</c>.</param>
    public async Task<IReadOnlyList<CallOutcome>> CallAsync(ModelClient client, params IReadOnlyList<JsonObject> steps) =>
        await CallAsync(client, PodDriver.UrlOf(await client.Of.Pods.WaitReadyAsync(ModelServerDriver.Server), ServerPort), steps);

    /// <summary>Makes calls to an address.</summary>
    public async Task<IReadOnlyList<CallOutcome>> CallAsync(ModelClient client, string url, params IReadOnlyList<JsonObject> steps)
    {
        var plan = new JsonArray([.. steps.Select(s => s.DeepClone())]).ToJsonString();
        var outcome = await scenario.Platform.Admin.ExecAsync(client.Tenant.Namespace, client.Pod, "main", "fleet", "call", url, plan);
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"fleet call in the {client} ended with {outcome.ExitCode}: {outcome.Stderr}");
        CallOutcome[] outcomes = [.. JsonNode.Parse(outcome.Stdout)!.AsArray().Select(r => CallOutcome.Of(r!))];
        lock (_answers)
            _answers.AddRange(outcomes.Select(o => (client, o.Answer)));
        return outcomes;
    }

    /// <summary>Makes the calls of a table in its order.</summary>
    /// <returns>The rows that were answered otherwise, with the answer.</returns>
    public async Task<IReadOnlyList<string>> JudgeAsync(ModelClient client, IReadOnlyList<ExpectedCall> rows)
    {
        var outcomes = await CallAsync(client, [.. rows.Select(r => ModelCall.Of(r.Call).Step())]);
        foreach (var (row, outcome) in rows.Zip(outcomes))
            scenario.Note($"{client}", $"{row.Call}: {outcome}");
        return [.. rows.Zip(outcomes).Where(p => p.First.Status != p.Second.Status || p.First.Code != p.Second.Code)
            .Select(p => $"{p.First.Call}: expected {p.First.Status} {p.First.Code}, was {p.Second.Status} {p.Second.Code}")];
    }

    /// <summary>Calls with the client's key until the answer is a status, or the time is up.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="within">The time.</param>
    public async Task<CallOutcome> CallUntilAsync(ModelClient client, int status, TimeSpan within)
    {
        var step = ModelCall.WithItsKey.Step();
        (step["until"], step["forMs"], step["pauseMs"]) = (status, (int)within.TotalMilliseconds, 20);
        var outcome = (await CallAsync(client, step))[0];
        scenario.Note($"{client}", $"calls with its key: {outcome}");
        return outcome;
    }
}
