using System.Security.Cryptography;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>What tenants keep, offer and run for others to reach for: made with the tenant's own rights.</summary>
public sealed class TenantObjectsDriver(ScenarioPlatform scenario)
{
    /// <summary>The name of a Secret.</summary>
    public const string Secret = "secret";

    /// <summary>The name of a second Secret.</summary>
    public const string OtherSecret = "second secret";

    /// <summary>Every name, as a regular expression.</summary>
    public const string Names = Secret + "|" + OtherSecret + "|config map|volume claim|service|server|pod|pod that waits for a node";

    private const string ServerWorkload = "workloads/server.yaml";

    /// <summary>Gives a tenant one of them.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="name">One of <see cref="Names"/>, but for <see cref="Secret"/>.</param>
    public Task AddAsync(string tenant, string name) => name switch
    {
        OtherSecret => KeepOtherSecretAsync(tenant),
        "config map" => KeepConfigMapAsync(tenant),
        "volume claim" => KeepVolumeClaimAsync(tenant),
        "service" => OfferServiceAsync(tenant),
        "server" => AddServerAsync(tenant),
        "pod" => AddPodAsync(tenant),
        _ => AddPodWithEventAsync(tenant),
    };

    /// <summary>Makes an object, as the tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="resource">For example <c>configmaps</c>.</param>
    /// <param name="kind">For example <c>ConfigMap</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="content">All else that it has.</param>
    public static async Task CreateAsync(Tenant tenant, string resource, string kind, string name, JsonObject content)
    {
        content["apiVersion"] = "v1";
        content["kind"] = kind;
        content["metadata"] = new JsonObject { ["name"] = name };
        (await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/{resource}", content)).OrThrow();
    }

    /// <summary>Gives a tenant a Secret.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="value">Its value; null for a random one.</param>
    /// <returns>Its value, which no report will hold.</returns>
    public async Task<string> KeepSecretAsync(string tenant, string? value = null)
    {
        value ??= RandomNumberGenerator.GetHexString(24);
        await KeepSecretAsync(scenario[tenant], TenantRequest.Secret, value);
        return value;
    }

    private Task KeepOtherSecretAsync(string tenant) => KeepSecretAsync(scenario[tenant], TenantRequest.OtherSecret, RandomNumberGenerator.GetHexString(24));

    private Task KeepSecretAsync(Tenant tenant, string name, string value)
    {
        scenario.Platform.Redactor.Add(value);
        return CreateAsync(tenant, "secrets", "Secret", name, new() { ["stringData"] = new JsonObject { ["token"] = value } });
    }

    // A pod of that name may be on its way out.
    private async Task AddPodAsync(string tenant) => (await Poll.UntilAsync($"tenant \"{tenant}\" to have a pod",
        () => scenario[tenant].Pods.TryAddAsync(TenantRequest.Pod, PodFactory.PlainPod, Placement.Nowhere),
        a => a.Reason != "AlreadyExists", a => a.ToString())).OrThrow($"fleet-fixtures/{PodFactory.PlainPod}");

    private Task KeepConfigMapAsync(string tenant) => CreateAsync(scenario[tenant], "configmaps", "ConfigMap", TenantRequest.ConfigMap,
        new() { ["data"] = new JsonObject { ["epochs"] = "3" } });

    // On storage that nothing provides: it is stored like any other, and costs nothing.
    private Task KeepVolumeClaimAsync(string tenant) => CreateAsync(scenario[tenant], "persistentvolumeclaims", "PersistentVolumeClaim", TenantRequest.VolumeClaim, new()
    {
        ["spec"] = new JsonObject
        {
            ["storageClassName"] = "", ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Mi" } },
        },
    });

    // In front of the tenant's server, which may or may not run.
    private Task OfferServiceAsync(string tenant) => CreateAsync(scenario[tenant], "services", "Service", TenantRequest.Service, new()
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

    // It waits for a node: for requests about the pod as an object.
    private Task AddServerAsync(string tenant) => scenario[tenant].Pods.AddAsync(TenantRequest.Server, ServerWorkload, Placement.Nowhere);

    // It waits for a node, and an event says so.
    private async Task AddPodWithEventAsync(string tenant)
    {
        await scenario[tenant].Pods.AddAsync(TenantRequest.Pod, PodFactory.PlainPod, Placement.Nowhere);
        await Poll.UntilAsync($"an event about the pod of tenant \"{tenant}\"", () => scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{scenario[tenant].Namespace}/events"),
            a => a.OrThrow().Items.Any(e => (string?)e!["reason"] == "FailedScheduling"), a => $"{a.Items.Count} events");
    }

    private async Task<string> ServiceAddressAsync(Tenant tenant) =>
        (string)(await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{TenantRequest.Service}")).OrThrow().Body!["spec"]!["clusterIP"]!;
}
