using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>A model server's callers: who they say they are, by labels, and the ways that they take.</summary>
public sealed class EndpointDriver(ScenarioPlatform scenario)
{
    /// <summary>The Service of a tenant that leads to somebody else's pod.</summary>
    public const string StrayService = "my-models";

    /// <summary>As features say it, after "can".</summary>
    public const string PointService = "point its own Service at the model server";

    private const string NameLabel = "app.kubernetes.io/name";
    private const string ServesLabel = "security.specs/serves";
    private const string OwnNameLabel = "kubernetes.io/metadata.name";

    /// <summary>Gives a running pod of a tenant the name label of something else, with the tenant's own rights.</summary>
    public static async Task RenamePodAsync(Tenant tenant, string pod, string name) => (await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/{pod}",
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [NameLabel] = name } } })).OrThrow();

    /// <summary>Makes the labels of a tenant's namespace what the platform says, and takes away what it does not say.</summary>
    public async Task RestoreNamespaceAsync(Tenant tenant)
    {
        await scenario.Manifests.ApplyAsync("controls/tenant.yaml", new() { ["TENANT"] = tenant.Owner, ["NAMESPACE"] = tenant.Namespace });
        (await scenario.Admin.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}",
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [ServesLabel] = null } } })).OrThrow();
    }

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

    /// <summary>Asks, as the cluster admin, for another value of the label that the API server writes on a tenant's namespace.</summary>
    /// <returns>What the API server answered, which is no promise.</returns>
    public Task<ApiAnswer> TryNameAsync(Tenant tenant, string name) => scenario.Admin.PatchAsync($"/api/v1/namespaces/{tenant.Namespace}",
        new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [OwnNameLabel] = name } } });

    /// <summary>What the label that the API server writes says of a tenant's namespace.</summary>
    public async Task<string?> OwnNameAsync(Tenant tenant) =>
        (string?)(await scenario.Admin.GetAsync($"/api/v1/namespaces/{tenant.Namespace}")).OrThrow().Body!["metadata"]!["labels"]?[OwnNameLabel];

    /// <summary>Waits until a pod that cannot be asked like a workload reaches a tenant's model server: one in the node's network would listen there.</summary>
    public async Task AwaitReachedAsync(SubmittedPod pod, Tenant victim)
    {
        var target = PodDriver.UrlOf(await victim.Pods.WaitReadyAsync(TenantRequest.ModelServer), TenantRequest.ModelPort);
        var probe = await Poll.UntilAsync($"{target} to be open", () => pod.Tenant.Pods.ProbeAsync(pod.Name, target), p => p.IsOpen, p => p.Meaning);
        scenario.Note($"the pod of tenant \"{pod.Tenant.Name}\"", $"{target} is {probe.Meaning}");
    }
}
