namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>What a tenant keeps and runs.</content>
public sealed partial record TenantRequest
{
    /// <summary>The secret that "keeps a secret" makes.</summary>
    public const string Secret = "model-credentials";

    /// <summary>The secret that "has another secret" makes.</summary>
    public const string OtherSecret = "tracking-credentials";

    /// <summary>The pod that "runs a server" makes.</summary>
    public const string Server = "server";

    /// <summary>The pod that "runs a client" makes.</summary>
    public const string Client = "client";

    /// <summary>The pod that "has a pod" makes.</summary>
    public const string Pod = "pod";

    /// <summary>The port that the server listens on.</summary>
    public const int ServerPort = 8080;

    private const string WorkloadPhrases =
        "read the secret|read the other secret|list the secret by its name|list the secrets|watch the secrets|replace the secret|list the pods|read the server|read the server's logs"
        + "|run a command in the server|type the secret's value into a command in the server|forward a port to the server|delete the pod|delete by force the pods";

    private const string SecretPath = "secrets/" + Secret;
    private const string ServerPath = "pods/" + Server;

    private static IEnumerable<TenantRequest> Workload =>
    [
        new("read the secret", new("get", "secrets", Name: Secret), (api, whose) => api.GetAsync(In(whose, SecretPath)), MustContain: Secret),
        new("read the other secret", new("get", "secrets", Name: OtherSecret), (api, whose) => api.GetAsync(In(whose, "secrets/" + OtherSecret)), MustContain: OtherSecret),
        // A list that names one object by its field selector is judged by that name.
        new("list the secret by its name", new("list", "secrets", Name: Secret), (api, whose) => api.GetAsync(In(whose, "secrets?fieldSelector=metadata.name%3D" + Secret)), MustContain: Secret),
        new("list the secrets", new("list", "secrets"), (api, whose) => api.GetAsync(In(whose, "secrets")), MustContain: Secret),
        new("watch the secrets", new("watch", "secrets"), (api, whose) => api.TryWatchAsync(In(whose, "secrets?watch=1"))),
        new("replace the secret", new("update", "secrets"), ReplaceSecretAsync, MustContain: "replaced-by"),
        new("list the pods", new("list", "pods"), (api, whose) => api.GetAsync(In(whose, "pods")), MustContain: Server),
        new("read the server", new("get", "pods"), (api, whose) => api.GetAsync(In(whose, ServerPath)), MustContain: Server),
        new("read the server's logs", new("get", "pods/log"), (api, whose) => api.GetAsync(In(whose, ServerPath + "/log")), MustContain: "answering on port"),
        new("run a command in the server", new("create", "pods/exec"), ExecAsync),
        new("type the secret's value into a command in the server", new("create", "pods/exec"), ExecWithValueAsync),
        new("forward a port to the server", new("create", "pods/portforward"), (api, whose) => ForwardToAsync(api, whose, Server, ServerPort, "200")),
        new("delete the pod", new("delete", "pods"), (api, whose) => api.DeleteAsync(In(whose, "pods/" + Pod))),
        new("delete by force the pods", new("deletecollection", "pods"), (api, whose) => api.DeleteAsync(In(whose, "pods"), new JsonObject { ["gracePeriodSeconds"] = 0 })),
    ];

    private static Task<ApiAnswer> ReplaceSecretAsync(KubeApi api, Tenant whose) => api.PutAsync(In(whose, SecretPath), new JsonObject
    {
        ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = Secret },
        ["stringData"] = new JsonObject { ["replaced-by"] = api.Actor },
    });

    private static Task<ApiAnswer> ExecAsync(KubeApi api, Tenant whose) => StreamAsync(api, In(whose, ServerPath + "/exec?command=id&container=main&stdout=1"), async () =>
    {
        var outcome = await api.ExecAsync(whose.Namespace, Server, "main", "id", "-u");
        return ($"exit code {outcome.ExitCode}, uid {outcome.Stdout.Trim()}", outcome.ExitCode == 0);
    });

    private static async Task<ApiAnswer> ExecWithValueAsync(KubeApi api, Tenant whose)
    {
        var value = ValueIn((await api.GetUnrecordedAsync(In(whose, SecretPath))).OrThrow());
        return await StreamAsync(api, In(whose, ServerPath + "/exec?command=id&container=main&stdout=1"), async () =>
        {
            var outcome = await api.ExecAsync(whose.Namespace, Server, "main", "cat", value);
            return ($"exit code {outcome.ExitCode}", outcome.ExitCode == 1); // there is no file of that name
        });
    }

    private static string ValueIn(ApiAnswer secret) => Encoding.UTF8.GetString(Convert.FromBase64String((string)secret.Body!["data"]!["token"]!));

    private static async Task<ApiAnswer> StreamAsync(KubeApi api, string path, Func<Task<(string Seen, bool Worked)>> open)
    {
        var verdict = await VerdictAsync(api, path);
        if (verdict.Code is 403 or 0)
            return verdict;
        try
        {
            var (seen, worked) = await open();
            return verdict with { Code = worked ? 101 : 500, Reason = null, Message = seen };
        }
        catch (StreamRefusedException)
        {
            // A change of RBAC may fall between the verdict and the stream: then the verdict is another one now.
            var now = await VerdictAsync(api, path);
            if (now.Code == 403)
                return now;
            throw;
        }
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
}
