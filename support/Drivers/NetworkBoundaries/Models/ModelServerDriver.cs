using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.NetworkBoundaries.Models;

/// <summary>The pods of tenants' model servers and their clients, beyond what <see cref="WorkloadDriver"/> runs as the file says.</summary>
public sealed class ModelServerDriver(ScenarioPlatform scenario, ModelKeys keys)
{
    /// <summary>The model server's pod, and its Service.</summary>
    public const string Server = "model-server";

    private const string ServerWorkload = "workloads/model-server.yaml";
    private const string ClientWorkload = "workloads/gateway.yaml";
    private static readonly TimeSpan TouchAgain = TimeSpan.FromSeconds(3);
    private int _changes;

    /// <summary>The limits that a tenant's model server takes up, by name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> LimitsAsync(Tenant tenant) =>
        (await scenario.Admin.GetAsync($"/api/v1/namespaces/{tenant.Namespace}/configmaps/model-server-limits")).OrThrow().Body!["data"]!.AsObject()
            .ToDictionary(d => d.Key, d => (string)d.Value!);

    /// <summary>Runs a model server's pod until it is ready.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="edit">A mistake to make in the file first; null for the file as it is.</param>
    /// <param name="name">The pod's name.</param>
    public async Task RunAsync(Tenant tenant, ManifestEdit? edit = null, string name = Server)
    {
        await tenant.Pods.AddAsync(name, ServerWorkload, scenario.Platform.Fleet.NodeUnderTestOrAny, pod => Edit(tenant, pod, edit));
        await tenant.Pods.WaitReadyAsync(name);
    }

    /// <summary>Replaces a model server's pod.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="edit">A mistake to make in the file first; null for the file as it is.</param>
    public async Task RunAnewAsync(Tenant tenant, ManifestEdit? edit = null)
    {
        var path = $"{tenant.Pods.Collection}/{Server}";
        (await tenant.Api.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = 0 })).OrThrow();
        await Poll.UntilAsync($"the model server of tenant \"{tenant.Name}\" to be gone", () => scenario.Platform.Admin.GetUnrecordedAsync(path), a => a.Code == 404, a => a.ToString());
        await RunAsync(tenant, edit);
    }

    /// <summary>Runs another client of a tenant's model server.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">The pod's name.</param>
    /// <param name="keyOf">The client whose key it holds.</param>
    public async Task RunClientAsync(Tenant tenant, string name, string keyOf)
    {
        await tenant.Pods.AddAsync(name, ClientWorkload, scenario.Platform.Fleet.NodeUnderTestOrAny,
            pod => pod["spec"]!["volumes"]![0]!["secret"]!["secretName"] = $"{keyOf}-key");
        await tenant.Pods.WaitReadyAsync(name);
    }

    /// <summary>Changes a pod's annotation, upon which the kubelet looks at the pod at once and brings the files of its volumes up to date.</summary>
    public async Task TouchAsync(Tenant tenant, string pod) => (await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/{pod}", new JsonObject
    {
        ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["security.specs/changed"] = $"{Interlocked.Increment(ref _changes)}" } },
    })).OrThrow();

    /// <summary>Waits until the keys that are mounted in a pod have the latest key of a tenant's gateway among them.</summary>
    /// <param name="tenant">Whose pod.</param>
    /// <param name="pod">The pod.</param>
    /// <param name="file">The key's file.</param>
    public Task AwaitKeyAsync(Tenant tenant, string pod, string file)
    {
        var key = keys.Of(tenant);
        return AwaitFilesAsync(tenant, pod, pod == Server ? "/keys" : "/key", files => files.GetValueOrDefault(file) == key, files => string.Join(", ", files.Keys));
    }

    /// <summary>Waits until the limits in a tenant's model server are what controls/keys-and-rates.yaml now is there.</summary>
    public async Task TakeUpLimitsAsync(Tenant tenant)
    {
        var limits = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/configmaps/model-server-limits")).OrThrow().Body!["data"]!.AsObject();
        await AwaitFilesAsync(tenant, Server, "/limits", files => files.Count == limits.Count && limits.All(l => files.GetValueOrDefault(l.Key) == (string)l.Value!),
            files => string.Join(", ", files));
    }

    /// <summary>The metrics of a tenant's model server, as Prometheus would scrape them.</summary>
    public async Task<string> MetricsAsync(Tenant tenant) =>
        (string)(await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/pods/{Server}:{TenantRequest.ModelPort}/proxy/metrics")).OrThrow().Body!;

    /// <summary>Waits until a tenant's model server has answered a call with a key, by its own metrics.</summary>
    /// <param name="tenant">Whose server.</param>
    /// <param name="keyId">The key's id.</param>
    public Task AwaitAnsweredAsync(Tenant tenant, string keyId) => Poll.UntilAsync($"the model server of tenant \"{tenant.Name}\" to answer a call with the key \"{keyId}\"",
        () => MetricsAsync(tenant),
        metrics => metrics.Contains($"model_server_requests_total{{key_id=\"{keyId}\",code=\"200\"}}", StringComparison.Ordinal), metrics => metrics);

    /// <summary>Asks a tenant's model server for its models through the API server, which finds it behind the Service a moment after it is ready.</summary>
    public Task<ApiAnswer> AskThroughApiServerAsync(Tenant tenant) => Poll.UntilAsync($"the model server of tenant \"{tenant.Name}\" to be behind its Service",
        () => scenario.Admin.GetAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{Server}/proxy/v1/models"), a => a.Code is 200 or 401, a => a.ToString());

    /// <summary>The environment of a tenant's model server.</summary>
    public static async Task<string> EnvironmentAsync(Tenant tenant) => (await tenant.Api.ExecAsync(tenant.Namespace, Server, "main", "env")).Stdout;

    private void Edit(Tenant tenant, JsonObject pod, ManifestEdit? edit)
    {
        edit?.ApplyTo(new(ServerWorkload, [pod]));
        if (pod["spec"]!["containers"]![0]!["env"]?[0] is JsonObject variable && (string?)variable["value"] == ManifestEdit.KeyMark)
            variable["value"] = keys.Of(tenant);
    }

    // The kubelet may have looked at the pod before it heard of what was written: every so often it is to look again.
    private Task<Dictionary<string, string>> AwaitFilesAsync(Tenant tenant, string pod, string folder, Func<Dictionary<string, string>, bool> enough, Func<Dictionary<string, string>, string> describe)
    {
        var (clock, next) = (Stopwatch.StartNew(), TimeSpan.Zero);
        return Poll.UntilAsync($"{folder} in the {pod} of tenant \"{tenant.Name}\" to be what was written last", async () =>
        {
            if (clock.Elapsed >= next)
            {
                next += TouchAgain;
                await TouchAsync(tenant, pod);
            }
            return await FilesAsync(tenant, pod, folder);
        }, enough, describe);
    }

    private async Task<Dictionary<string, string>> FilesAsync(Tenant tenant, string pod, string folder)
    {
        var script = $"cd {folder} && for f in *; do if [ -f \"$f\" ]; then echo \"$f=$(cat \"$f\")\"; fi; done";
        var outcome = await scenario.Platform.Admin.ExecAsync(tenant.Namespace, pod, "main", "sh", "-c", script);
        return outcome.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
    }
}
