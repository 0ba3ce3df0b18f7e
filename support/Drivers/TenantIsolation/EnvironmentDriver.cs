using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>ConfigMaps and Secrets that pods take their environment from, and what arrives there.</summary>
public sealed class EnvironmentDriver(ScenarioPlatform scenario)
{
    /// <summary>Every word for what can hold an environment, as a regular expression.</summary>
    public const string Stores = "config map|secret";

    /// <summary>Keeps one key, whose value is <c>all</c>.</summary>
    /// <param name="tenant">Who keeps it.</param>
    /// <param name="store"><c>config map</c> or <c>secret</c>.</param>
    /// <param name="key">The key.</param>
    /// <param name="dryRun">Have it judged by admission, and kept by nobody.</param>
    public static Task<ApiAnswer> TryKeepAsync(Tenant tenant, string store, string key, bool dryRun)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = store == "secret" ? "Secret" : "ConfigMap", ["metadata"] = new JsonObject { ["name"] = PodTrait.EnvironmentStore },
            [Data(store)] = new JsonObject { [key] = "all" },
        };
        return tenant.Api.PostAsync($"{Collection(tenant, store)}{(dryRun ? "?dryRun=All" : "")}", body);
    }

    /// <summary>Asks for one more key in what the tenant keeps already; admission judges it, and nobody keeps it.</summary>
    public static Task<ApiAnswer> TryAddAsync(Tenant tenant, string store, string key) =>
        tenant.Api.PatchAsync($"{Collection(tenant, store)}/{PodTrait.EnvironmentStore}?dryRun=All", new JsonObject { [Data(store)] = new JsonObject { [key] = "all" } });

    /// <summary>The value of a variable in a running pod, as NVIDIA's runtime would have read it; null where it is not set.</summary>
    public async Task<string?> ValueAsync(SubmittedPod pod, string variable)
    {
        var value = await pod.Tenant.Pods.EnvironmentAsync(pod.Name, variable);
        scenario.Note($"pod {pod.Name} of tenant \"{pod.Tenant.Name}\"", $"{variable} is {value ?? "not set"}");
        return value;
    }

    private static string Collection(Tenant tenant, string store) => $"/api/v1/namespaces/{tenant.Namespace}/{(store == "secret" ? "secrets" : "configmaps")}";

    private static string Data(string store) => store == "secret" ? "stringData" : "data";
}
