using System.Security.Cryptography;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>A row of a table of answers.</summary>
/// <param name="Port">Where the request goes.</param>
/// <param name="Request">For example <c>GET /api/contents</c>; a POST has an empty JSON object as its body.</param>
/// <param name="Headers">As <c>NAME: VALUE</c>, with <c>; </c> between them; <c>{key:FILE}</c> stands for a key that is mounted in the caller.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Answer">What the body must hold.</param>
public sealed record ExpectedAnswer(int Port, string Request, string Headers, int Status, string Answer);

/// <summary>What became of a command that was submitted to Ray as a job.</summary>
/// <param name="Ran">Whether the dashboard took it and it ran.</param>
/// <param name="Seen">What was answered, in words.</param>
/// <param name="Printed">What it printed.</param>
public sealed record JobOutcome(bool Ran, string Seen, string Printed);

/// <summary>Consoles of tenants and the gateways before them, called by HTTP from inside tenants' pods.</summary>
public sealed class ConsoleDriver(ScenarioPlatform scenario)
{
    /// <summary>Who calls and who is called, as a regular expression.</summary>
    public const string Pods = "client|notebook|console|console gateway";

    private const string Jobs = "/api/jobs/";

    // What a gateway says that does not reach its console.
    private const int BadGateway = 502;

    // Of one request. Who is kept out by a policy is not answered at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Gives a user a session: its key is known to the tenant's console gateway, and to the user's notebook.</summary>
    public async Task BeginSessionAsync(Tenant tenant, string user)
    {
        var key = RandomNumberGenerator.GetHexString(48, lowercase: true);
        scenario.Platform.Redactor.Add(key);
        await TenantObjectsDriver.CreateAsync(tenant, "secrets", "Secret", "console-users", new() { ["stringData"] = new JsonObject { [user] = key } });
        await TenantObjectsDriver.CreateAsync(tenant, "secrets", "Secret", "notebook-key", new() { ["stringData"] = new JsonObject { ["key"] = key } });
    }

    /// <summary>Makes the requests of a table.</summary>
    /// <returns>The rows that were answered otherwise, with the answer.</returns>
    public async Task<IReadOnlyList<string>> WrongAsync(Tenant caller, string pod, Tenant called, string console, IReadOnlyList<ExpectedAnswer> rows)
    {
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var call = await CallAsync(caller, pod, called, console, row.Port);
            // A policy that was just written, or a Service that is new, is not in force everywhere at once.
            var answer = await Poll.UntilAsync($"an answer of the {console} of tenant \"{called.Name}\"", async () => (await call.SendAsync(Step(row)))[0],
                a => a.Status is not (null or BadGateway), a => a.ToString());
            scenario.Note($"{pod} of tenant \"{caller.Name}\"", $"{row.Request} at port {row.Port} of the {console} of tenant \"{called.Name}\"{(row.Headers.Length > 0 ? $" with {row.Headers}" : "")}: {answer}");
            if (answer.Status != row.Status || !answer.Body.Contains(row.Answer, StringComparison.Ordinal))
                wrong.Add($"{row.Port} {row.Request} {row.Headers}: expected {row.Status} {row.Answer}, was {answer}");
        }

        return wrong;
    }

    /// <summary>Submits a command to a tenant's Ray dashboard as a job, from the client of some tenant, and waits for its end.</summary>
    public async Task<JobOutcome> RunJobAsync(Tenant caller, Tenant called, string command)
    {
        var ray = await CallAsync(caller, "client", called, "console", TenantRequest.RayPort);
        var submitted = (await ray.SendAsync(Step("POST", Jobs, new JsonObject { ["entrypoint"] = command }.ToJsonString())))[0];
        if (submitted.Status != 200)
            return Told(new(false, submitted.ToString(), ""));
        var job = Jobs + (string)JsonNode.Parse(submitted.Body)!["submission_id"]!;
        var ended = await Poll.UntilAsync($"the job \"{command}\" to end", () => ray.SendAsync(Step("GET", job), Step("GET", $"{job}/logs")),
            answers => answers[0].Status == 200 && !answers[0].Body.Contains("RUNNING", StringComparison.Ordinal), answers => string.Join("; ", answers));
        return Told(new(ended[0].Body.Contains("SUCCEEDED", StringComparison.Ordinal), string.Join("; ", ended), (string)JsonNode.Parse(ended[1].Body)!["logs"]!));

        JobOutcome Told(JobOutcome outcome)
        {
            scenario.Note($"client of tenant \"{caller.Name}\"", $"the job \"{command}\" at the Ray dashboard of tenant \"{called.Name}\": {outcome.Seen}");
            return outcome;
        }
    }

    private static async Task<TenantCall> CallAsync(Tenant caller, string pod, Tenant called, string console, int port)
    {
        await caller.Pods.WaitReadyAsync(NameOf(pod));
        return new(caller, PodDriver.UrlOf(await called.Pods.WaitReadyAsync(NameOf(console)), port), NameOf(pod));
    }

    private static JsonObject Step(ExpectedAnswer row) => row.Request.Split(' ', 2) is [var method, var path]
        ? Step(method, path, method == "POST" ? "{}" : null, row.Headers.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        : throw new ArgumentException($"\"{row.Request}\" is no request: METHOD /PATH is expected.");

    private static JsonObject Step(string method, string path, string? body = null, params string[] headers)
    {
        var step = new JsonObject
        {
            ["method"] = method, ["path"] = path, ["headers"] = new JsonArray([.. headers.Select(h => JsonValue.Create(h))]), ["timeoutMs"] = (int)Patience.TotalMilliseconds,
        };
        if (body is not null)
            step["body"] = body;
        return step;
    }

    private static string NameOf(string words) => words.Replace(' ', '-');
}
