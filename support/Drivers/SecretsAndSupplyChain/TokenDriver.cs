using System.Buffers.Text;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>Tokens of ServiceAccounts: which pods get one, what is in it, and who accepts it.</summary>
public sealed class TokenDriver(ScenarioPlatform scenario, Thief thief, RightsDriver rights, PodFactory pods)
{
    private const string Client = "workloads/registry-client.yaml";
    private const string TokenFile = "/var/run/secrets/model-registry/token";
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

    // The API server remembers for ten seconds that it has accepted a token.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Runs a pod that has a token for the model registry, and reads the token in it, as whoever takes over its program could.</summary>
    /// <param name="tenant">Whose pod.</param>
    /// <param name="edit">A mistake to make in its file first; null for the file as it is.</param>
    public async Task StealAsync(Tenant tenant, ManifestEdit? edit)
    {
        var pod = await PodFactory.ReadyAsync(
            await pods.SubmitAsync(tenant, "registry-client", Client, scenario.Platform.Fleet.NodeUnderTestOrAny, p => edit?.ApplyTo(new(Client, [p]))), $"fleet-fixtures/{Client}");
        thief.Take((await tenant.Pods.RunAsync(pod.Name, "cat", TokenFile)).Trim(), tenant.Developer.User);
    }

    /// <summary>For how long the thief's token is valid, by what it says itself; null for ever.</summary>
    /// <exception cref="InvalidOperationException">What the thief has is no token.</exception>
    public TimeSpan? Lifetime()
    {
        var parts = thief.Token.Split('.');
        if (parts.Length != 3)
            throw new InvalidOperationException("The thief has no token of a ServiceAccount.");
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var lifetime = claims["exp"] is { } end ? TimeSpan.FromSeconds((long)end - (long)claims["iat"]!) : (TimeSpan?)null;
        scenario.Note("the thief's token", $"for {claims["aud"]?.ToJsonString() ?? "no audience"}, {(lifetime is { } time ? $"expires after {time.TotalMinutes:0} min" : "never expires")}");
        return lifetime;
    }

    /// <summary>Shows the thief's token to a server, again and again until that does with it what is expected.</summary>
    /// <param name="audience">The server's audience, by which it asks the API server about the token; null for the API server itself.</param>
    /// <param name="accepted">Whether it is to be accepted.</param>
    /// <exception cref="TimeoutException">The server does otherwise; the message says what it answered.</exception>
    public Task ShowAsync(string? audience, bool accepted) => Poll.UntilAsync(
        $"{(audience is null ? "the API server" : $"a server with the audience \"{audience}\"")} to {(accepted ? "accept" : "reject")} the thief's token",
        () => audience is null ? AskAsync() : ReviewAsync(audience), seen => seen.Accepted == accepted, seen => seen.Seen, Deadline);

    /// <summary>Whether a pod of a tenant gets a token, by what its account and the pod itself say; null for nothing.</summary>
    public async Task<bool> GetsTokenAsync(Tenant tenant, bool? ofAccount, bool? ofPod)
    {
        var name = $"automount-{ofAccount?.ToString().ToLowerInvariant() ?? "unset"}";
        var account = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ServiceAccount", ["metadata"] = new JsonObject { ["name"] = name } };
        if (ofAccount is { } setting)
            account["automountServiceAccountToken"] = setting;
        var created = await scenario.Admin.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/serviceaccounts", account);
        if (created.Reason != "AlreadyExists")
            created.OrThrow();
        return await rights.GetsTokenAsync(tenant.Namespace, name, ofPod);
    }

    // Neither accepted nor rejected is an answer that says nothing about the token.
    private async Task<(bool? Accepted, string Seen)> AskAsync()
    {
        var answer = await thief.Identity.Api.GetAsync("/version");
        return (answer.Code == 401 ? false : answer.Allowed ? true : null, answer.Verdict);
    }

    private async Task<(bool? Accepted, string Seen)> ReviewAsync(string audience)
    {
        var answer = await scenario.Admin.ReviewAsync(Reviews, new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenReview", ["spec"] = new JsonObject { ["token"] = thief.Token, ["audiences"] = new JsonArray(audience) },
        }, body => $"audience \"{audience}\": {Told(body["status"]!)}");
        var status = answer.OrThrow().Body!["status"]!;
        var isHis = (string?)status["user"]?["username"] == thief.Identity.User && (status["audiences"]?.AsArray() ?? []).Any(a => (string?)a == audience);
        return ((bool?)status["authenticated"] == true ? (isHis ? true : null) : false, Told(status));
    }

    private static string Told(JsonNode status) =>
        (bool?)status["authenticated"] == true ? $"accepted as {status["user"]!["username"]} for {status["audiences"]?.ToJsonString()}" : $"rejected: {status["error"]}";
}
