using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>HTTP requests from inside a tenant's pod, made by <c>fleet call</c> with the tenant's own right to run commands there.</summary>
/// <param name="tenant">Whose.</param>
/// <param name="url">The server's base URL.</param>
/// <param name="pod">The pod that calls.</param>
public sealed class TenantCall(Tenant tenant, string url, string pod = TenantRequest.Client)
{
    /// <summary>Reads a path.</summary>
    /// <returns>The beginning of the answer's body, as far as <c>fleet call</c> shows it.</returns>
    /// <exception cref="InvalidOperationException">The answer is not 200, or there was none.</exception>
    public async Task<string> GetAsync(string path)
    {
        var answer = (await SendAsync(new JsonObject { ["path"] = path }))[0];
        return answer.Status == 200 ? answer.Body : throw new InvalidOperationException($"GET {url}{path.TrimStart('/')} from the {pod} of tenant \"{tenant.Name}\" -> {answer}");
    }

    /// <summary>Takes steps of <c>fleet call</c>, one after another.</summary>
    public async Task<IReadOnlyList<CallAnswer>> SendAsync(params JsonObject[] steps)
    {
        var outcome = await tenant.Api.ExecAsync(tenant.Namespace, pod, "main", "fleet", "call", url, new JsonArray([.. steps]).ToJsonString());
        if (outcome.ExitCode != 0)
            throw new InvalidOperationException($"fleet call {url} in the {pod} of tenant \"{tenant.Name}\" ended with {outcome.ExitCode}: {outcome.Stderr}");
        return [.. JsonNode.Parse(outcome.Stdout)!.AsArray().Select(a => new CallAnswer((int?)a!["status"], (string)a["body"]!))];
    }
}

/// <summary>An answer to a tenant's client.</summary>
/// <param name="Status">The HTTP status; null where there was no answer.</param>
/// <param name="Body">The beginning of the body, or why there was no answer.</param>
public sealed record CallAnswer(int? Status, string Body)
{
    /// <summary>In one line, for messages.</summary>
    public override string ToString() => $"{(Status is null ? "no answer" : $"HTTP {Status}")}: {Body[..Math.Min(Body.Length, 200)].ReplaceLineEndings(" ")}";
}
