using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>What tenants keep, offer and run for others to reach for: made with the tenant's own rights.</summary>
public sealed class TenantObjectsDriver(ScenarioPlatform scenario)
{
    private const string ServerWorkload = "workloads/server.yaml";

    /// <summary>A ConfigMap.</summary>
    public Task KeepConfigMapAsync(string tenant) => CreateAsync(tenant, "configmaps", "ConfigMap", TenantRequest.ConfigMap,
        new() { ["data"] = new JsonObject { ["epochs"] = "3" } });

    /// <summary>A claim on storage that nothing provides: it is stored like any other, and costs nothing.</summary>
    public Task KeepVolumeClaimAsync(string tenant) => CreateAsync(tenant, "persistentvolumeclaims", "PersistentVolumeClaim", TenantRequest.VolumeClaim, new()
    {
        ["spec"] = new JsonObject
        {
            ["storageClassName"] = "", ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Mi" } },
        },
    });

    /// <summary>A Service in front of the tenant's server, which may or may not run.</summary>
    public Task OfferServiceAsync(string tenant) => CreateAsync(tenant, "services", "Service", TenantRequest.Service, new()
    {
        ["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["app.kubernetes.io/name"] = "server" },
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = TenantRequest.ServerPort }),
        },
    });

    /// <summary>Waits until the tenant's Service has its server behind it.</summary>
    public Task AwaitServiceAsync(string tenant) => Poll.UntilAsync($"the service of tenant \"{tenant}\" to have its server behind it",
        () => scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{scenario[tenant].Namespace}/endpoints/{TenantRequest.Service}"),
        a => (a.Body?["subsets"]?.AsArray() ?? []).Any(s => s!["addresses"] is not null), a => a.Body?["subsets"]?.ToJsonString() ?? a.ToString());

    /// <summary>What the environment of a tenant's client says of some tenant's Service: the variables with its address.</summary>
    public async Task<IReadOnlyList<string>> ToldOfAsync(Tenant client, Tenant server)
    {
        var address = await ServiceAddressAsync(server);
        var environment = (await client.Api.ExecAsync(client.Namespace, TenantRequest.Client, "main", "env")).Stdout;
        return [.. environment.Split('\n').Where(v => v.EndsWith("=" + address, StringComparison.Ordinal))];
    }

    /// <summary>A server that waits for a node: for requests about the pod as an object.</summary>
    public Task AddServerAsync(string tenant) => scenario[tenant].Pods.AddAsync(TenantRequest.Server, ServerWorkload, Placement.Nowhere);

    /// <summary>A pod that waits for a node, until an event says so.</summary>
    public async Task AddPodWithEventAsync(string tenant)
    {
        await scenario[tenant].Pods.AddAsync(TenantRequest.Pod, PodFactory.PlainPod, Placement.Nowhere);
        await Poll.UntilAsync($"an event about the pod of tenant \"{tenant}\"", () => scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{scenario[tenant].Namespace}/events"),
            a => a.OrThrow().Items.Any(e => (string?)e!["reason"] == "FailedScheduling"), a => $"{a.Items.Count} events");
    }

    private async Task<string> ServiceAddressAsync(Tenant tenant) =>
        (string)(await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.Service}")).OrThrow().Body!["spec"]!["clusterIP"]!;

    private async Task CreateAsync(string tenant, string resource, string kind, string name, JsonObject content)
    {
        content["apiVersion"] = "v1";
        content["kind"] = kind;
        content["metadata"] = new JsonObject { ["name"] = name };
        (await scenario[tenant].Api.PostAsync($"/api/v1/namespaces/{scenario[tenant].Namespace}/{resource}", content)).OrThrow();
    }
}
