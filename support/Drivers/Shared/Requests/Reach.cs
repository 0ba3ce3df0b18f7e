namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Ways into a pod that runs.</content>
public sealed partial record TenantRequest
{
    /// <summary>The pod that "runs a training job" makes.</summary>
    public const string Job = "training-job";

    private const string ReachPhrases =
        "watch the pods|change the server|attach to the job|add a debug container to the pod"
        + "|call the server through the API server|call the service through the API server";

    private static IEnumerable<TenantRequest> Reach =>
    [
        new("watch the pods", new("watch", "pods"), (api, whose) => api.TryWatchAsync(In(whose, "pods?watch=1"))),
        new("change the server", new("patch", "pods"), (api, whose) => api.PatchAsync(In(whose, ServerPath), Labels("changed")), MustContain: "changed"),
        new("attach to the job", new("create", "pods/attach"), AttachAsync),
        new("add a debug container to the pod", new("patch", "pods/ephemeralcontainers"), AddDebugContainerAsync, MustContain: "ephemeralContainers"),
        new("call the server through the API server", new("get", "pods/proxy"),
            (api, whose) => CallAsync(api, whose, $"{ServerPath}:{ServerPort}/proxy/")),
        new("call the service through the API server", new("get", "services/proxy"),
            (api, whose) => CallAsync(api, whose, $"services/{Service}:{ServerPort}/proxy/")),
    ];

    private static Task<ApiAnswer> AttachAsync(KubeApi api, Tenant whose) => StreamAsync(api, In(whose, $"pods/{Job}/attach?container=main&stdout=1"), async () =>
    {
        var line = await api.AttachAsync(whose.Namespace, Job, "main");
        return ($"the job prints \"{line}\"", line.StartsWith("step", StringComparison.Ordinal));
    });

    // The shape of Kubernetes 1.23 and later: a patch of the pod, which is what kubectl debug sends.
    private static Task<ApiAnswer> AddDebugContainerAsync(KubeApi api, Tenant whose) =>
        api.PatchAsync(In(whose, $"pods/{Pod}/ephemeralcontainers?dryRun=All"), new JsonObject
        {
            ["spec"] = new JsonObject { ["ephemeralContainers"] = new JsonArray(new JsonObject { ["name"] = "debug", ["image"] = "debug" }) },
        });

    // What counts is the pod's own answer: the server says in which namespace it runs.
    private static async Task<ApiAnswer> CallAsync(KubeApi api, Tenant whose, string path)
    {
        var answer = await api.GetAsync(In(whose, path));
        return !answer.Allowed || answer.Body?.ToJsonString().Contains(whose.Namespace, StringComparison.Ordinal) == true ? answer
            : answer with { Code = 0, Reason = "SomebodyElse", Message = $"the answer is not that of the server in {whose.Namespace}" };
    }
}
