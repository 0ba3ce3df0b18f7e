using System.Text.Json.Nodes;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>Something that an identity asks of the API server about what is a tenant's.</summary>
/// <param name="Phrase">As features say it, after "tries to" or "can".</param>
/// <param name="Verb">The RBAC verb that the API server must name in a refusal.</param>
/// <param name="Resource">The resource that it must name.</param>
/// <param name="Send">Sends the request about the namespace of a tenant.</param>
/// <param name="ClusterScope">Whether the request is about no namespace.</param>
/// <param name="Shows">What the answer must hold to count as allowed: an empty answer has given nothing away. Null where the code says it all.</param>
public sealed record TenantRequest(
    string Phrase, string Verb, string Resource, Func<KubeApi, Tenant, Task<ApiAnswer>> Send, bool ClusterScope = false, string? Shows = null)
{
    /// <summary>Every phrase, as a regular expression. A new request gets its phrase here and a row in <see cref="All"/>.</summary>
    public const string Phrases =
        "read the secret|list the secrets|watch the secrets|replace the secret|list the pods|read the server|read the server's logs"
        + "|run a command in the server|forward a port to the server|delete the pod|label the namespace|create a namespace"
        + "|read the quota|raise the quota|replace the quota|delete the quota";

    /// <summary>The secret that "keeps a secret" makes.</summary>
    public const string Secret = "model-credentials";

    /// <summary>The pod that "runs a server" makes.</summary>
    public const string Server = "server";

    /// <summary>The pod that "has a pod" makes.</summary>
    public const string Pod = "pod";

    /// <summary>The port that the server listens on.</summary>
    public const int ServerPort = 8080;

    private const string SecretPath = "secrets/" + Secret;
    private const string ServerPath = "pods/" + Server;

    /// <summary>Every request that features may name.</summary>
    public static readonly IReadOnlyList<TenantRequest> All =
    [
        new("read the secret", "get", "secrets", (api, whose) => api.GetAsync(In(whose, SecretPath)), Shows: Secret),
        new("list the secrets", "list", "secrets", (api, whose) => api.GetAsync(In(whose, "secrets")), Shows: Secret),
        new("watch the secrets", "watch", "secrets", (api, whose) => api.TryWatchAsync(In(whose, "secrets?watch=1"))),
        new("replace the secret", "update", "secrets", ReplaceSecretAsync, Shows: "replaced-by"),
        new("list the pods", "list", "pods", (api, whose) => api.GetAsync(In(whose, "pods")), Shows: Server),
        new("read the server", "get", "pods", (api, whose) => api.GetAsync(In(whose, ServerPath)), Shows: Server),
        new("read the server's logs", "get", "pods/log", (api, whose) => api.GetAsync(In(whose, ServerPath + "/log")), Shows: "answering on port"),
        new("run a command in the server", "create", "pods/exec", ExecAsync),
        new("forward a port to the server", "create", "pods/portforward", PortForwardAsync),
        new("delete the pod", "delete", "pods", (api, whose) => api.DeleteAsync(In(whose, "pods/" + Pod))),
        new("label the namespace", "patch", "namespaces", (api, whose) => api.PatchAsync($"/api/v1/namespaces/{whose.Namespace}", Labels("opened"))),
        new("create a namespace", "create", "namespaces", CreateNamespaceAsync, ClusterScope: true),
        new("read the quota", "get", "resourcequotas", (api, whose) => api.GetAsync(QuotaDriver.Path(whose))),
        new("raise the quota", "patch", "resourcequotas", (api, whose) => api.PatchAsync(QuotaDriver.Path(whose), QuotaDriver.Hard(1000))),
        new("replace the quota", "update", "resourcequotas", (api, whose) => api.PutAsync(QuotaDriver.Path(whose), QuotaDriver.Replacement(1000))),
        new("delete the quota", "delete", "resourcequotas", (api, whose) => api.DeleteAsync(QuotaDriver.Path(whose))),
    ];

    /// <summary>The request of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static TenantRequest Of(string phrase) => All.FirstOrDefault(r => r.Phrase == phrase)
        ?? throw new ArgumentException($"No request is called \"{phrase}\"; there are: {string.Join("; ", All.Select(r => r.Phrase))}.");

    /// <summary>Makes the request.</summary>
    /// <param name="who">The tenant that asks; null for the platform admin.</param>
    /// <param name="api">The API server as that identity sees it.</param>
    /// <param name="whose">The tenant asked about.</param>
    public async Task<Attempt> TryAsync(Tenant? who, KubeApi api, Tenant whose)
    {
        var answer = await Send(api, whose);
        if (answer.Allowed && Shows is not null && answer.Body?.ToJsonString().Contains(Shows, StringComparison.Ordinal) != true)
            answer = answer with { Code = 0, Reason = "NothingShown", Message = $"the answer does not hold \"{Shows}\"" };
        return new(who, Verb, Resource, ClusterScope ? null : whose.Namespace, answer);
    }

    private static string In(Tenant whose, string path) => $"/api/v1/namespaces/{whose.Namespace}/{path}";

    private static JsonObject Labels(string value) =>
        new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["security.specs/drill"] = value } } };

    private static Task<ApiAnswer> ReplaceSecretAsync(KubeApi api, Tenant whose) => api.PutAsync(In(whose, SecretPath), new JsonObject
    {
        ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = Secret },
        ["stringData"] = new JsonObject { ["replaced-by"] = api.Actor },
    });

    // A dry run passes authorisation and admission like any other request, and leaves nothing to remove.
    private static Task<ApiAnswer> CreateNamespaceAsync(KubeApi api, Tenant whose) => api.PostAsync("/api/v1/namespaces?dryRun=All", new JsonObject
    {
        ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = whose.Namespace + "-more" },
    });

    private static async Task<ApiAnswer> ExecAsync(KubeApi api, Tenant whose)
    {
        var verdict = await VerdictAsync(api, In(whose, ServerPath + "/exec?command=id&container=main&stdout=1"));
        if (verdict.Code is 403 or 0)
            return verdict;
        var outcome = await api.ExecAsync(whose.Namespace, Server, "main", "id", "-u");
        return Stream(verdict, $"exit code {outcome.ExitCode}, uid {outcome.Stdout.Trim()}", outcome.ExitCode == 0);
    }

    private static async Task<ApiAnswer> PortForwardAsync(KubeApi api, Tenant whose)
    {
        var verdict = await VerdictAsync(api, In(whose, $"{ServerPath}/portforward?ports={ServerPort}"));
        if (verdict.Code is 403 or 0)
            return verdict;
        var answer = await api.PortForwardGetAsync(whose.Namespace, Server, ServerPort);
        return Stream(verdict, answer.Split('\r')[0], answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
    }

    // A stream is authorised before it is opened, as create (POST) or as get (GET, what a WebSocket opens with): both must agree.
    private static async Task<ApiAnswer> VerdictAsync(KubeApi api, string path)
    {
        var post = await api.PostAsync(path);
        var get = await api.GetAsync(path);
        // Neither allowed nor denied: a change of RBAC may fall between the two, so who waits for one looks again.
        return (post.Code == 403) == (get.Code == 403) ? post
            : post with { Code = 0, Reason = "Disagreement", Message = $"denied by one method only: {post}; {get}" };
    }

    private static ApiAnswer Stream(ApiAnswer verdict, string seen, bool worked) =>
        verdict with { Code = worked ? 101 : 500, Reason = null, Message = seen };
}

/// <summary>A request that was made, with what it takes to judge the answer.</summary>
/// <param name="Who">The tenant that asked; null for the platform admin.</param>
/// <param name="Verb">The RBAC verb.</param>
/// <param name="Resource">The resource, with an optional subresource.</param>
/// <param name="Namespace">The namespace asked about; null for the cluster scope.</param>
/// <param name="Answer">What the API server said.</param>
public sealed record Attempt(Tenant? Who, string Verb, string Resource, string? Namespace, ApiAnswer Answer)
{
    /// <summary>What a refusal for the right reason says (Kubernetes 1.20 to 1.36).</summary>
    public string RightReason =>
        $"User \"{Who?.User}\" cannot {Verb} resource \"{Resource}\" in API group \"\" "
        + (Namespace is null ? "at the cluster scope" : $"in the namespace \"{Namespace}\"");

    /// <summary>Whether RBAC refused it, in the API server's own words.</summary>
    public bool IsDenied => Answer is { Code: 403, Reason: "Forbidden" } && Answer.Message?.Contains(RightReason, StringComparison.Ordinal) == true;

    /// <summary>The second oracle's opinion of the same right.</summary>
    public Task<bool> ReviewAsync() => Who is null ? Task.FromResult(true) : Who.MayAsync(Verb, Resource, Namespace);
}
