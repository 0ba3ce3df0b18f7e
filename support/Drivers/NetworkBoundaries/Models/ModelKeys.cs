using System.Collections.Concurrent;
using System.Security.Cryptography;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.NetworkBoundaries.Models;

/// <summary>The keys that open tenants' model servers, in the Secrets of server and clients; written with the tenant's own rights.</summary>
public sealed class ModelKeys(ScenarioPlatform scenario)
{
    /// <summary>The client that a tenant's model server is for: its pod, and the id of its key.</summary>
    public const string Gateway = "gateway";

    private const string InClientSecret = "key";
    private readonly ConcurrentDictionary<(string Tenant, string Client), string> _keys = new();

    /// <summary>The key that a client of a tenant was given last.</summary>
    public string Of(Tenant tenant, string client = Gateway) => _keys.TryGetValue((tenant.Name, client), out var key) ? key
        : throw new ArgumentException($"Tenant \"{tenant.Name}\" has given its {client} no key in this scenario.");

    /// <summary>Makes a new key for a client and hands it to server and client, whose old one is gone with that.</summary>
    public async Task GiveAsync(Tenant tenant, string client = Gateway)
    {
        await LetInAsync(tenant, client, New(tenant, client));
        await HandAsync(tenant, client, Of(tenant, client));
    }

    /// <summary>Makes a new key for a client and hands it to the server only; the client goes on with its old one.</summary>
    public Task ReplaceAtServerAsync(Tenant tenant, string client = Gateway) => LetInAsync(tenant, client, New(tenant, client));

    /// <summary>Lets a key in at a tenant's server under an id.</summary>
    public static Task LetInAsync(Tenant tenant, string id, string key) => WriteAsync(tenant, TenantRequest.ModelKeysSecret, id, key);

    /// <summary>Lets what an id stands for in no more.</summary>
    public static async Task ShutOutAsync(Tenant tenant, string id) =>
        (await tenant.Api.PatchAsync(PathOf(tenant, TenantRequest.ModelKeysSecret), new JsonObject { ["data"] = new JsonObject { [id] = null } })).OrThrow();

    /// <summary>Hands a client a key.</summary>
    public static Task HandAsync(Tenant tenant, string client, string key) => WriteAsync(tenant, $"{client}-key", InClientSecret, key);

    /// <summary>Makes a new key for a client, known to nobody yet.</summary>
    public string New(Tenant tenant, string client = Gateway)
    {
        var key = "sk-" + RandomNumberGenerator.GetHexString(48, lowercase: true);
        scenario.Platform.Redactor.Add(key);
        return _keys[(tenant.Name, client)] = key;
    }

    private static string PathOf(Tenant tenant, string secret) => $"/api/v1/namespaces/{tenant.Namespace}/secrets/{secret}";

    // A Secret is created with its first entry.
    private static async Task WriteAsync(Tenant tenant, string secret, string entry, string value)
    {
        var content = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = secret }, ["stringData"] = new JsonObject { [entry] = value },
        };
        var answer = await tenant.Api.PatchAsync(PathOf(tenant, secret), content);
        if (answer.Code == 404)
            answer = await tenant.Api.PostAsync($"/api/v1/namespaces/{tenant.Namespace}/secrets", content);
        answer.OrThrow();
    }
}
