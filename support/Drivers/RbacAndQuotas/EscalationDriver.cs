using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Small rights that lead to large ones: duties of tenants, an operator worth attacking, and what is done with stolen credentials.</summary>
public sealed partial class EscalationDriver(ScenarioPlatform scenario, Thief thief)
{
    private const string OperatorFile = "drills/operator.yaml";
    private Identity? _stranger;

    /// <summary>Gives a tenant a duty by drills/duty-NAME.yaml, or makes one that it has what it should be again.</summary>
    /// <param name="duty">The file's name without <c>duty-</c> and <c>.yaml</c>.</param>
    /// <param name="guest">Who has the duty.</param>
    /// <param name="host">Where a duty holds that is about one namespace.</param>
    /// <param name="edit">A mistake to make in the file's content first.</param>
    public Task GiveDutyAsync(string duty, Tenant guest, Tenant host, ManifestEdit? edit = null) => scenario.Manifests.ApplyAsync($"drills/duty-{duty}.yaml",
        new() { ["NAME"] = $"{guest.Namespace}-{duty}", ["GUEST_NAMESPACE"] = guest.Namespace, ["NAMESPACE"] = host.Namespace }, edit);

    /// <summary>Gives a tenant an operator that may read every Secret.</summary>
    public async Task AddOperatorAsync(string tenant) => await scenario.Manifests.ApplyAsync(OperatorFile, OperatorValues(await scenario.Tenants.AddAsync(tenant)));

    /// <summary>Runs the operator of a tenant, or makes it what it should be again; returns once its only pods are ready ones of that template.</summary>
    public async Task RunOperatorAsync(Tenant tenant)
    {
        await scenario.Manifests.ApplyAsync("workloads/operator.yaml", new() { ["NAMESPACE"] = tenant.Namespace, ["IMAGE"] = scenario.Platform.Options.FleetImage! });
        await Poll.UntilAsync("the operator to run", () => scenario.Platform.Admin.GetUnrecordedAsync($"/apis/apps/v1/namespaces/{tenant.Namespace}/deployments/{TenantRequest.OperatorName}"),
            a => IsRolledOut(a.OrThrow().Body!), a => a.Body!["status"]?.ToJsonString() ?? "no status");
    }

    /// <summary>Takes the operator's rights away; its account stays, and so does every credential of it.</summary>
    public Task DisarmOperatorAsync(Tenant tenant) => scenario.Manifests.ApplyAsync(OperatorFile, OperatorValues(tenant), ManifestEdit.Of("without the subjects of binding \"operator\""));

    /// <summary>Has the cluster's signer make a client certificate in an operator's name, as the cluster admin.</summary>
    public async Task SignCertificateAsync(Tenant tenant) =>
        (await TenantRequest.Of("get a certificate of the operator").TryAsync(null, scenario.Admin, tenant)).Answer.OrThrow();

    /// <summary>Logs in with the credentials that an answer gave away: a token, or a certificate with its key.</summary>
    /// <param name="attempt">The attempt that got them.</param>
    /// <param name="tenant">Whose operator they are of.</param>
    /// <exception cref="InvalidOperationException">The answer holds none.</exception>
    public void LoginWithLoot(Attempt attempt, Tenant tenant)
    {
        var user = TenantRequest.OperatorUser(tenant);
        if (attempt.Answer.Body is JsonObject { } body && body["key"] is { } key)
            thief.Take((string)body["certificate"]!, (string)key!, user);
        else
            thief.Take(TokenIn(attempt.Answer), user);
    }

    /// <summary>An account to which nobody has given anything.</summary>
    public async Task<Identity> StrangerAsync() => _stranger ??= await scenario.LoginAsync("a stranger", scenario.Tenants.Any.Namespace, "default");

    /// <summary>Runs a pod of a tenant that has the tenant's secret as a file, and logs it when it starts, as programs do that log their settings.</summary>
    public async Task HoldSecretAsync(Tenant tenant)
    {
        await tenant.Pods.AddAsync(TenantRequest.SecretHolder, PodFactory.PlainPod, scenario.Platform.Fleet.NodeUnderTestOrAny, pod =>
        {
            pod["spec"]!["volumes"] = new JsonArray(new JsonObject { ["name"] = "secret", ["secret"] = new JsonObject { ["secretName"] = TenantRequest.Secret } });
            pod["spec"]!["containers"]![0]!["command"] = new JsonArray("sh", "-c", $"cat {Kubelet.SecretFile}; echo; sleep infinity");
            pod["spec"]!["containers"]![0]!["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "secret", ["mountPath"] = "/secret" });
        });
        await tenant.Pods.WaitReadyAsync(TenantRequest.SecretHolder);
    }

    /// <summary>Reads from inside a pod every Secret that any pod of its node has as a file; the pod has the kubelet's directory at /node.</summary>
    public static async Task<ApiAnswer> ReadSecretsOfNodeAsync(SubmittedPod pod)
    {
        var outcome = await pod.Tenant.Api.ExecAsync(pod.Tenant.Namespace, pod.Name, "main", "sh", "-c", "cat /node/pods/*/volumes/kubernetes.io~secret/secret/token");
        return pod.Answer with { Method = "EXEC", Code = outcome.ExitCode == 0 ? 101 : 500, Message = $"{outcome.Stdout.Length} characters {outcome.Stderr}", Body = JsonValue.Create(outcome.Stdout) };
    }

    /// <summary>
    /// Asks the kubelet itself, at its own port, to run a command in a tenant's pod that holds a secret. It is opened by GET,
    /// so the kubelet asks the API server for get on nodes/proxy. (The API server's proxy cannot be used: it loses the command
    /// of a stream.)
    /// </summary>
    /// <returns>What the kubelet said.</returns>
    public async Task<ApiAnswer> RunAtTheKubeletAsync(Tenant who, Tenant whose)
    {
        using var kubelet = await Kubelet.OpenAsync(scenario.Platform, whose.Node, await scenario.Platform.LoginAsync(who.Namespace, Tenant.ServiceAccount), who.Developer.Who);
        var answer = await kubelet.RunAsync(whose);
        scenario.Note(who.Developer.Who, $"GET {answer.Path} at the kubelet of {whose.Node} -> {answer.Code} {answer.Message}");
        return answer;
    }

    private static bool IsRolledOut(JsonNode deployment) => deployment["status"] is { } status
        && (long?)status["observedGeneration"] == (long?)deployment["metadata"]!["generation"]
        && (int?)status["updatedReplicas"] == 1 && (int?)status["availableReplicas"] == 1 && (int?)status["replicas"] == 1;

    private static string TokenIn(ApiAnswer answer) => Token().Match(answer.Body?.ToJsonString() ?? "") is { Success: true } token
        ? token.Value : throw new InvalidOperationException($"There is no token in the answer to {answer.Method} {answer.Path}.");

    private static Dictionary<string, string> OperatorValues(Tenant tenant) => new() { ["NAMESPACE"] = tenant.Namespace, ["NAME"] = tenant.Namespace + "-operator" };

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")]
    private static partial Regex Token();
}
