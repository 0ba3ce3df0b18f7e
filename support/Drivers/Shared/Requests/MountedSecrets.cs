namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Secrets as pods have them: in their files.</content>
public sealed partial record TenantRequest
{
    private const string MountedSecretPhrases = "read the secret in the job's files|print the secret in a job of its own";
    private const string Printer = "printer";
    private static readonly TimeSpan Printed = TimeSpan.FromSeconds(60);

    private static IEnumerable<TenantRequest> MountedSecrets =>
    [
        new("read the secret in the job's files", new("create", "pods/exec"), ReadInJobAsync),
        new("print the secret in a job of its own", new("create", "jobs", "batch"), PrintAsync),
    ];

    private static async Task<ApiAnswer> ReadInJobAsync(KubeApi api, Tenant whose)
    {
        var shown = "";
        var answer = await StreamAsync(api, In(whose, $"pods/{Job}/exec?command=cat&container=main&stdout=1"), async () =>
        {
            var outcome = await api.ExecAsync(whose.Namespace, Job, "main", "cat", "/run/credentials/token");
            shown = outcome.Stdout;
            return ($"exit code {outcome.ExitCode}, {shown.Length} characters", outcome.ExitCode == 0);
        });
        return answer.Code == 101 ? answer with { Body = JsonValue.Create(shown) } : answer;
    }

    // The Secret is in a projected volume, beside which a policy about volumes of the type secret would look.
    private static async Task<ApiAnswer> PrintAsync(KubeApi api, Tenant whose)
    {
        var pod = whose.Pods.Load(Printer, PodFactory.PlainPod, Placement.AnyRealNode);
        var container = pod["spec"]!["containers"]![0]!;
        container["command"] = new JsonArray("cat", "/secret/token");
        container["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "secret", ["mountPath"] = "/secret" });
        pod["spec"]!["volumes"] = new JsonArray(new JsonObject
        {
            ["name"] = "secret",
            ["projected"] = new JsonObject { ["sources"] = new JsonArray(new JsonObject { ["secret"] = new JsonObject { ["name"] = Secret } }) },
        });
        var created = await PodController.TryAddAsync(api, whose.Namespace, "Job", Printer, pod);
        if (!created.Allowed)
            return created;
        var log = await Poll.UntilAsync("the job to print what is in its file", () => LogAsync(api, whose), a => a.Allowed && a.Body?.ToString() is { Length: > 0 }, a => a.ToString(), Printed);
        return created with { Body = log.Body!.DeepClone() };
    }

    // By the rights of whoever asks.
    private static async Task<ApiAnswer> LogAsync(KubeApi api, Tenant whose)
    {
        var pods = await api.GetAsync(In(whose, $"pods?labelSelector={PodController.NameLabel}%3D{Printer}"));
        return pods.OrThrow().Items.Count == 0 ? pods with { Body = null } : await api.GetAsync(In(whose, $"pods/{(string)pods.Items[0]!["metadata"]!["name"]!}/log"));
    }
}
