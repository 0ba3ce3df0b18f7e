using System.Security.Cryptography;
using System.Text.Json.Nodes;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>Model servers of tenants, the keys that open them, and the clients that hold keys.</summary>
public sealed class ModelServerDriver(ScenarioPlatform scenario)
{
    /// <summary>The model server's pod, and its Service.</summary>
    public const string Server = "model-server";

    /// <summary>The client that the server is for, its pod, and the id of its key.</summary>
    public const string Gateway = "gateway";

    /// <summary>The Secret with the keys that open the server.</summary>
    public const string ServerKeys = "model-server-keys";

    /// <summary>The port that it answers on.</summary>
    public const int Port = 8000;

    private const string Workload = "workloads/model-server.yaml";

    /// <summary>Runs a tenant's model server, with a new key for its gateway, until it is ready.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="edit">A mistake to make in its manifest; null for none.</param>
    public async Task RunAsync(Tenant tenant, ManifestEdit? edit = null)
    {
        await KeepKeyAsync(tenant, Gateway);
        await AddPodAsync(tenant, Server, edit);
        var service = scenario.Platform.Load(Workload, new Dictionary<string, string> { ["NAMESPACE"] = tenant.Namespace, ["NAME"] = Server, ["IMAGE"] = "" }).Objects[1];
        (await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/services", service)).OrThrow($"fleet-fixtures/{Workload}");
        await tenant.Pods.WaitReadyAsync(Server);
    }

    private Task AddPodAsync(Tenant tenant, string name, ManifestEdit? edit) =>
        tenant.Pods.AddAsync(name, Workload, scenario.Platform.Fleet.NodeUnderTestOrAny, pod => edit?.ApplyTo(new(Workload, [pod])));

    // The server has the key under the client's name, the client as the only entry of a Secret of its own.
    private async Task KeepKeyAsync(Tenant tenant, string client)
    {
        var key = NewKey();
        await SetSecretAsync(tenant, ServerKeys, new() { [client] = key });
        await SetSecretAsync(tenant, $"{client}-key", new() { ["key"] = key });
    }

    private string NewKey()
    {
        var key = "sk-" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        scenario.Platform.Redactor.Add(key);
        return key;
    }

    private static async Task SetSecretAsync(Tenant tenant, string name, JsonObject data) =>
        (await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/secrets", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = name }, ["stringData"] = data,
        })).OrThrow();
}
