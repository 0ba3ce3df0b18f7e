using System.Text.Json.Nodes;
using SecuritySpecs.Cluster;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>A model server's callers: who they say they are, by labels, and the ways that they take.</summary>
public sealed class EndpointDriver(ScenarioPlatform scenario)
{
    /// <summary>The Service of a tenant that leads to somebody else's pod.</summary>
    public const string StrayService = "my-models";

    private const string NameLabel = "app.kubernetes.io/name";
    private const string ServesLabel = "security.specs/serves";
    private const string OwnNameLabel = "kubernetes.io/metadata.name";
    private const int InARow = 3;
    private static readonly TimeSpan NodePortDeadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Gives a running pod of a tenant the name label of something else, with the tenant's own rights.</summary>
    public static async Task RenamePodAsync(Tenant tenant, string pod, string name) => (await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/{pod}",
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [NameLabel] = name } } })).OrThrow();

    /// <summary>Makes the labels of a tenant's namespace what the platform says, and takes away what it does not say.</summary>
    public async Task RestoreNamespaceAsync(Tenant tenant)
    {
        await scenario.ApplyAsync("controls/tenant.yaml", new() { ["TENANT"] = tenant.Owner, ["NAMESPACE"] = tenant.Namespace });
        (await scenario.Admin.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}",
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [ServesLabel] = null } } })).OrThrow();
    }

    /// <summary>Removes the network policies of a tenant's namespace that the platform did not apply.</summary>
    public async Task RemoveForeignPoliciesAsync(Tenant tenant)
    {
        var policies = $"/apis/networking.k8s.io/v1/namespaces/{tenant.Namespace}/networkpolicies";
        foreach (var policy in (await scenario.Admin.GetAsync($"{policies}?labelSelector=!{RunLabels.Scenario.Replace("/", "%2F", StringComparison.Ordinal)}")).OrThrow().Items)
            (await scenario.Admin.DeleteAsync($"{policies}/{(string)policy!["metadata"]!["name"]!}")).OrThrow();
    }

    /// <summary>Opens a tenant's model server on a port of every node, with the tenant's own rights.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="policy"><c>externalTrafficPolicy</c>: Cluster, where every node takes the traffic and may send it on under its own address; Local, where only the model server's node does, and the caller's address stays.</param>
    public static async Task OpenOnNodesAsync(Tenant tenant, string policy) => (await tenant.Api.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.ModelServer}",
        new JsonObject { ["spec"] = new JsonObject { ["type"] = "NodePort", ["externalTrafficPolicy"] = policy } })).OrThrow();

    /// <summary>Tries to make a Service of a tenant's own that leads to another tenant's model server: one without a selector, and endpoints for it.</summary>
    /// <returns>The attempt to write the endpoints. The Service is the tenant's to make.</returns>
    public static async Task<Attempt> TryLeadAsync(Tenant thief, Tenant victim)
    {
        var address = (string)(await victim.Pods.WaitReadyAsync(TenantRequest.ModelServer))["status"]!["podIP"]!;
        var service = await thief.Api.PostAsync($"/api/v1/namespaces/{thief.Namespace}/services", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = new JsonObject { ["name"] = StrayService },
            ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = TenantRequest.ModelPort }) },
        });
        if (service.Reason != "AlreadyExists")
            service.OrThrow();
        var answer = await thief.Api.PostAsync($"/api/v1/namespaces/{thief.Namespace}/endpoints", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Endpoints", ["metadata"] = new JsonObject { ["name"] = StrayService },
            ["subsets"] = new JsonArray(new JsonObject
            {
                ["addresses"] = new JsonArray(new JsonObject { ["ip"] = address }), ["ports"] = new JsonArray(new JsonObject { ["port"] = TenantRequest.ModelPort }),
            }),
        });
        return new(thief.Developer, new("create", "endpoints"), thief.Namespace, answer);
    }

    /// <summary>Has a tenant ask the API server to call what is behind its <see cref="StrayService"/>.</summary>
    public static Task<ApiAnswer> CallStrayServiceAsync(Tenant tenant) =>
        tenant.Api.GetAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{StrayService}/proxy/metrics");

    /// <summary>Tries, as the platform admin, to give a tenant's namespace another value of the label that the API server writes.</summary>
    public async Task<Attempt> TryNameAsync(Tenant tenant, string name) => new(null, new("patch", "namespaces"), tenant.Namespace, await scenario.Admin.PatchAsync(
        $"/api/v1/namespaces/{tenant.Namespace}", new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [OwnNameLabel] = name } } }));

    /// <summary>What the label that the API server writes says of a tenant's namespace.</summary>
    public async Task<string?> OwnNameAsync(Tenant tenant) =>
        (string?)(await scenario.Admin.GetAsync($"/api/v1/namespaces/{tenant.Namespace}")).OrThrow().Body!["metadata"]!["labels"]?[OwnNameLabel];

    /// <summary>Waits until a pod that cannot be asked like a workload reaches a tenant's model server: one in the node's network would listen there.</summary>
    public async Task AwaitReachedAsync(SubmittedPod pod, Tenant victim)
    {
        var target = PodDriver.UrlOf(await victim.Pods.WaitReadyAsync(TenantRequest.ModelServer), TenantRequest.ModelPort);
        var probe = await Poll.UntilAsync($"{target} to be open", () => pod.Tenant.Pods.ProbeAsync(pod.Name, target), p => p.Result == "open", p => p.Result);
        scenario.Note($"the pod of tenant \"{pod.Tenant.Name}\"", $"{target} is {probe.Result}");
    }

    /// <summary>Calls the node port of a tenant's model server from where this program runs, and keeps as evidence what came of it.</summary>
    public async Task CallFromOutsideAsync(Tenant tenant)
    {
        var url = await NodePortUrlAsync(tenant);
        scenario.Note("somebody outside the cluster", $"{url}: {(await CallAsync(url)).Seen}");
    }

    /// <summary>Waits until the node port of a tenant's model server answers a call from where this program runs: a new one takes a moment to be open.</summary>
    /// <exception cref="TimeoutException">It does not: perhaps the nodes cannot be reached from here at all.</exception>
    public async Task AwaitAnswerOutsideAsync(Tenant tenant)
    {
        var url = await NodePortUrlAsync(tenant);
        var call = await Poll.UntilAsync($"an answer of {url}", () => CallAsync(url), c => c.IsReached, c => c.Seen, NodePortDeadline);
        scenario.Note("somebody outside the cluster", $"{url}: {call.Seen}");
    }

    /// <summary>Waits until the node port of a tenant's model server is not reached from where this program runs, several times in a row.</summary>
    public async Task AwaitSilenceOutsideAsync(Tenant tenant)
    {
        var url = await NodePortUrlAsync(tenant);
        var streak = 0;
        var call = await Poll.UntilAsync($"{url} not to be reached, {InARow} times in a row", () => CallAsync(url), c => (streak = c.IsReached ? 0 : streak + 1) == InARow, c => c.Seen);
        scenario.Note("somebody outside the cluster", $"{url}, {InARow} times in a row: {call.Seen}");
    }

    private async Task<string> NodePortUrlAsync(Tenant tenant)
    {
        var node = (string)(await tenant.Pods.WaitReadyAsync(TenantRequest.ModelServer))["status"]!["hostIP"]!;
        var service = (await scenario.Platform.Admin.PeekAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.ModelServer}")).OrThrow().Body!;
        return $"http://{(node.Contains(':') ? $"[{node}]" : node)}:{service["spec"]!["ports"]![0]!["nodePort"]}/metrics";
    }

    private static async Task<(bool IsReached, string Seen)> CallAsync(string url)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri(url));
            return (true, $"HTTP {(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return (false, e is HttpRequestException ? e.Message : $"no answer within {Patience.TotalMilliseconds:0} ms");
        }
    }
}
