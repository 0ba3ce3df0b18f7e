using System.Buffers.Text;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Models;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>Tokens of ServiceAccounts: which pods get one, what is in it, and who accepts it.</summary>
public sealed class TokenDriver(ScenarioPlatform scenario, Thief thief, RightsDriver rights, PodFactory pods)
{
    private const string Client = "workloads/registry-client.yaml";
    private const string TokenFile = "/var/run/secrets/model-registry/token";
    private const string AccountTokenFile = RightsDriver.TokenFolder + "/token";
    private const string Registry = "private-registry";
    private const int RegistryPort = 8080;
    private const string Model = "acme/llm";
    private const string Reviews = "/apis/authentication.k8s.io/v1/tokenreviews";

    // The API server remembers for ten seconds that it has accepted a token.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private const long LongBefore = 2 * 60 * 60;
    private static readonly TimeSpan Named = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Runs a pod that has a token for the model registry, and reads the token in it, as whoever takes over its program could. Where the pod
    /// has its account's token, too, that is the one to steal.
    /// </summary>
    /// <param name="tenant">Whose pod.</param>
    /// <param name="edit">A mistake to make in its file first; null for the file as it is.</param>
    public async Task StealAsync(Tenant tenant, ManifestEdit? edit)
    {
        var pod = await PodFactory.ReadyAsync(
            await pods.SubmitAsync(tenant, "registry-client", Client, scenario.Platform.Fleet.NodeUnderTestOrAny, p => edit?.ApplyTo(new(Client, [p]))), $"fleet-fixtures/{Client}");
        var file = (bool?)pod.Answer.Body?["spec"]?["automountServiceAccountToken"] == true ? AccountTokenFile : TokenFile;
        thief.Take((await tenant.Pods.RunAsync(pod.Name, "cat", file)).Trim(), tenant.Developer.User);
    }

    /// <summary>For how long the thief's token is valid, by what it says itself; null for ever.</summary>
    /// <exception cref="InvalidOperationException">What the thief has is no token.</exception>
    public TimeSpan? Lifetime()
    {
        var claims = ClaimsOf(thief.Token);
        var lifetime = claims["exp"] is { } end ? TimeSpan.FromSeconds((long)end - (long)claims["iat"]!) : (TimeSpan?)null;
        scenario.Note("the thief's token", $"for {claims["aud"]?.ToJsonString() ?? "no audience"}, {(lifetime is { } time ? $"expires after {time.TotalMinutes:0} min" : "never expires")}");
        return lifetime;
    }

    /// <summary>
    /// Takes a token of a tenant's account that ends some time from now, or has ended, and was made long before. Its other claims are those
    /// of a token that the API server has made a moment ago, and it is signed with the API server's own key.
    /// </summary>
    public async Task TakeAsync(Tenant tenant, TimeSpan end)
    {
        var key = scenario.Platform.SigningKey ?? throw new InvalidOperationException("This scenario needs the capability control-plane-files, and its tags do not say so.");
        var claims = ClaimsOf((await scenario.Platform.LoginAsync(tenant.Namespace, Tenant.ServiceAccount)).AccessToken);
        var now = (long)claims["iat"]!;
        (claims["iat"], claims["nbf"], claims["exp"]) = (now - LongBefore, now - LongBefore, now + (long)end.TotalSeconds);
        thief.Take(await key.SignAsync(claims), tenant.Developer.User);
    }

    /// <summary>Waits until the audit finds exactly these tokens without an end that somebody has stored in Secrets of a tenant's namespace.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="expected">Of each the Secret's name and the account's: <c>NAME of account ACCOUNT</c>.</param>
    /// <exception cref="TimeoutException">It finds others.</exception>
    public async Task AwaitStoredAsync(Tenant tenant, params IReadOnlyList<string> expected)
    {
        var found = await Poll.UntilAsync($"the audit to find {Stored(expected)} in the namespace of tenant \"{tenant.Name}\"", () => StoredAsync(tenant),
            f => f.SequenceEqual(expected), Stored, Named);
        scenario.Note("audit", $"tenant \"{tenant.Name}\": {Stored(found)}");
    }

    private static string Stored(IReadOnlyList<string> tokens) => tokens.Count == 0 ? "no stored token" : string.Join(", ", tokens);

    // Kubernetes before 1.24 stores one for every account by itself. The account names it a moment later, and it is left out.
    private async Task<IReadOnlyList<string>> StoredAsync(Tenant tenant)
    {
        var @namespace = $"/api/v1/namespaces/{tenant.Namespace}";
        var secrets = (await scenario.Platform.Admin.GetUnrecordedAsync($"{@namespace}/secrets?fieldSelector=type%3Dkubernetes.io/service-account-token")).OrThrow().Items;
        var accounts = (await scenario.Platform.Admin.GetUnrecordedAsync($"{@namespace}/serviceaccounts")).OrThrow().Items;
        var own = accounts.SelectMany(a => a!["secrets"]?.AsArray() ?? []).Select(s => (string)s!["name"]!).ToHashSet();
        return [.. secrets.Select(s => s!["metadata"]!).Where(m => !own.Contains((string)m["name"]!)).Select(m => $"{m["name"]} of account {m["annotations"]!["kubernetes.io/service-account.name"]}")];
    }

    /// <summary>Runs a registry of models that has the API server review each caller's token.</summary>
    /// <param name="tenant">In whose namespace.</param>
    /// <param name="audience">Whom the tokens must be for.</param>
    public async Task ServeAsync(Tenant tenant, string audience)
    {
        await scenario.Manifests.ApplyAsync($"drills/{Registry}.yaml", new() { ["NAMESPACE"] = tenant.Namespace, ["NAME"] = scenario.Unique(Registry) });
        var own = new PodDriver(scenario.Platform.Admin, scenario.Files, tenant.Namespace, Registry);
        await own.AddAsync(Registry, ModelHub.WorkloadFile, scenario.Platform.Fleet.NodeUnderTestOrAny, pod =>
        {
            var main = pod["spec"]!["containers"]![0]!;
            main["args"] = new JsonArray("model-registry", "--models=/models", $"--port={RegistryPort}", $"--audience={audience}");
            // It lets no probe in.
            main["readinessProbe"] = new JsonObject { ["tcpSocket"] = new JsonObject { ["port"] = RegistryPort }, ["periodSeconds"] = 1 };
            pod["spec"]!["volumes"]![0]!["configMap"]!["items"] = new JsonArray(new JsonObject { ["key"] = "config.json", ["path"] = $"{Model}/main/config.json" });
            pod["spec"]!["automountServiceAccountToken"] = true;
        }, new Dictionary<string, string> { ["MODELS"] = Registry, ["ATTACKS"] = "" });
        await own.WaitReadyAsync(Registry);
    }

    /// <summary>Shows the thief's token to a server, again and again until that does with it what is expected.</summary>
    /// <param name="server">In words.</param>
    /// <param name="ask">Shows it once.</param>
    /// <param name="accepted">Whether it is to be accepted.</param>
    /// <exception cref="TimeoutException">The server does otherwise; the message says what it answered.</exception>
    public static Task ShowAsync(string server, Func<Task<(bool? Accepted, string Seen)>> ask, bool accepted) => Poll.UntilAsync(
        $"{server} to {(accepted ? "accept" : "reject")} the thief's token", ask, seen => seen.Accepted == accepted, seen => seen.Seen, Deadline);

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

    private static JsonObject ClaimsOf(string token) => token.Split('.') is [_, var claims, _] ? JsonNode.Parse(Base64Url.DecodeFromChars(claims))!.AsObject()
        : throw new InvalidOperationException("The thief has no token of a ServiceAccount.");

    /// <summary>Shows the thief's token to the API server.</summary>
    /// <returns>Whether it accepts the token; null for an answer that says nothing about it.</returns>
    public async Task<(bool? Accepted, string Seen)> AskAsync()
    {
        var answer = await thief.Identity.Api.GetAsync("/version");
        return (answer.Code == 401 ? false : answer.Allowed ? true : null, answer.Verdict);
    }

    /// <summary>Shows the thief's token to the registry of a tenant.</summary>
    /// <returns>Whether it accepts the token; null for an answer that says nothing about it.</returns>
    public async Task<(bool? Accepted, string Seen)> AskRegistryAsync(Tenant tenant)
    {
        using var tunnel = scenario.Platform.Admin.Tunnel(tenant.Namespace, Registry, RegistryPort);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://pod/{Model}/tags/main");
        request.Headers.Authorization = new("Bearer", thief.Token);
        using var answer = await tunnel.SendAsync(request);
        var code = (int)answer.StatusCode;
        scenario.Note($"the registry of tenant \"{tenant.Name}\"", $"GET {request.RequestUri!.PathAndQuery} with the thief's token -> {code}");
        return (code switch { 200 => true, 401 => false, _ => null }, $"it answers {code}");
    }

    /// <summary>Asks the API server in the name of a server whether the thief's token is for it, and valid.</summary>
    /// <returns>Whether it is; null for an answer that says nothing about it.</returns>
    public async Task<(bool? Accepted, string Seen)> ReviewAsync(string audience)
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
