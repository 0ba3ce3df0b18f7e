using System.Security.Cryptography;

namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Ways to the credentials of a stronger account: those of the operator in drills/operator.yaml.</content>
public sealed partial record TenantRequest
{
    /// <summary>The operator's account, Deployment and label.</summary>
    public const string OperatorName = "operator";

    private const string OperatorPhrases =
        "list the operator's pods|mint a token of the operator|run a pod as the operator|change the operator's command|read a token in the operator's logs"
        + "|read the operator's token in its pod|get a certificate of the operator|remove the pod that runs as the operator|set the operator's command back|renew the operator's pods|remove the certificate requests";

    private const string TokenFile = RightsDriver.TokenFolder + "/token";
    private const string HelperPod = "helper";

    private static IEnumerable<TenantRequest> Operator =>
    [
        new("list the operator's pods", new("list", "pods"), (api, whose) => api.GetAsync(OperatorPods(whose))),
        new("mint a token of the operator", new("create", "serviceaccounts/token"), (api, whose) => MintAsync(api, whose, OperatorName)),
        new("run a pod as the operator", new("create", "pods"), RunAsOperatorAsync),
        new("change the operator's command", new("patch", "deployments", "apps"), (api, whose) => ChangeCommandAsync(api, whose, "sh", "-c", $"cat {TokenFile}; echo; sleep infinity")),
        new("set the operator's command back", new("patch", "deployments", "apps"), (api, whose) => ChangeCommandAsync(api, whose, "sleep", "infinity")),
        new("renew the operator's pods", new("deletecollection", "pods"), (api, whose) => api.DeleteAsync(OperatorPods(whose))),
        new("read a token in the operator's logs", new("get", "pods/log"), OperatorLogsAsync, MustContain: "eyJ"),
        new("read the operator's token in its pod", new("create", "pods/exec"), OperatorExecAsync, MustContain: "eyJ"),
        new("get a certificate of the operator", new("update", "certificatesigningrequests/approval", CertificatesGroup), GetCertificateAsync, ClusterScope: true),
        new("remove the pod that runs as the operator", new("delete", "pods"), (api, whose) => api.DeleteAsync(In(whose, "pods/" + HelperPod))),
        new("remove the certificate requests", new("deletecollection", "certificatesigningrequests", CertificatesGroup), RemoveRequestsAsync, ClusterScope: true),
    ];

    private static string Deployment(Tenant whose) => $"/apis/apps/v1/namespaces/{whose.Namespace}/deployments/{OperatorName}";

    private static string OperatorPods(Tenant whose) => In(whose, "pods?labelSelector=app.kubernetes.io/name%3D" + OperatorName);

    // The operator's own template is the attacker's: it has the account and an image that the node has.
    private static async Task<ApiAnswer> RunAsOperatorAsync(KubeApi api, Tenant whose)
    {
        var deployment = await api.GetAsync(Deployment(whose));
        if (!deployment.Allowed)
            return deployment;
        var template = deployment.Body!["spec"]!["template"]!;
        var spec = template["spec"]!.DeepClone();
        spec["restartPolicy"] = "Never";
        spec["containers"]![0]!["command"] = new JsonArray("cat", TokenFile);
        return await api.PostAsync(In(whose, "pods"), new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Pod", ["spec"] = spec,
            ["metadata"] = new JsonObject { ["name"] = HelperPod, ["labels"] = template["metadata"]!["labels"]!.DeepClone() },
        });
    }

    private static async Task<ApiAnswer> ChangeCommandAsync(KubeApi api, Tenant whose, params string[] command)
    {
        var deployment = await api.GetAsync(Deployment(whose));
        if (!deployment.Allowed)
            return deployment;
        var containers = deployment.Body!["spec"]!["template"]!["spec"]!["containers"]!.DeepClone();
        containers[0]!["command"] = new JsonArray([.. command.Select(c => JsonValue.Create(c))]);
        return await api.PatchAsync(Deployment(whose), new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } } },
        });
    }

    private static async Task<ApiAnswer> OperatorLogsAsync(KubeApi api, Tenant whose)
    {
        var last = await api.GetAsync(OperatorPods(whose));
        foreach (var pod in last.Allowed ? last.Items : [])
        {
            last = await api.GetAsync(In(whose, $"pods/{(string)pod!["metadata"]!["name"]!}/log"));
            if (last.Allowed && last.Body!.ToJsonString().Contains("eyJ", StringComparison.Ordinal))
                break;
        }

        return last;
    }

    private static async Task<ApiAnswer> OperatorExecAsync(KubeApi api, Tenant whose)
    {
        var pods = await api.GetAsync(OperatorPods(whose));
        if (!pods.Allowed || pods.Items.Count == 0)
            return pods;
        var pod = (string)pods.Items[0]!["metadata"]!["name"]!;
        var shown = "";
        var answer = await StreamAsync(api, In(whose, $"pods/{pod}/exec?command=cat&container=main&stdout=1"), async () =>
        {
            var outcome = await api.ExecAsync(whose.Namespace, pod, "main", "cat", TokenFile);
            shown = outcome.Stdout;
            return ($"exit code {outcome.ExitCode}, {shown.Length} characters", outcome.ExitCode == 0);
        });
        return answer.Code == 101 ? answer with { Body = JsonValue.Create(shown) } : answer;
    }

    // Asked for by one's own right, approved by another, signed by the cluster: the answer holds the certificate and its key.
    private static async Task<ApiAnswer> GetCertificateAsync(KubeApi api, Tenant whose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = await RequestCertificateAsync(api, whose, Subject(OperatorUser(whose)), key, dryRun: false);
        if (!asked.Allowed)
            return asked;
        var path = $"{Requests}/{(string)asked.Body!["metadata"]!["name"]!}";
        var request = asked.Body.DeepClone();
        request["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Approved", ["status"] = "True", ["reason"] = "SelfService", ["message"] = "approved by whoever asked" }),
        };
        var approved = await api.PutAsync(path + "/approval", request);
        if (!approved.Allowed)
            return approved;
        var signed = await Poll.UntilAsync("the approved certificate to be signed", () => api.GetUnrecordedAsync(path), a => Certificate(a) is not null, a => a.ToString(), TimeSpan.FromSeconds(5));
        return approved with
        {
            Message = "approved and signed",
            Body = new JsonObject { ["certificate"] = Encoding.UTF8.GetString(Convert.FromBase64String(Certificate(signed)!)), ["key"] = key.ExportPkcs8PrivateKeyPem() },
        };
    }

    /// <summary>The user name of a tenant's operator.</summary>
    public static string OperatorUser(Tenant whose) => $"system:serviceaccount:{whose.Namespace}:{OperatorName}";

    private static string? Certificate(ApiAnswer request) => (string?)request.OrThrow().Body!["status"]?["certificate"];

    private static async Task<ApiAnswer> RemoveRequestsAsync(KubeApi api, Tenant whose)
    {
        var list = await api.GetAsync(Requests);
        var last = list;
        foreach (var request in list.OrThrow().Items.Where(r => ((string)r!["metadata"]!["name"]!).StartsWith(whose.Namespace + "-", StringComparison.Ordinal)))
        {
            last = await api.DeleteAsync($"{Requests}/{(string)request!["metadata"]!["name"]!}");
            if (!last.Allowed)
                break; // the one that stays is the answer
        }

        return last;
    }
}
