using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>ConfigMaps and Secrets that pods take their environment from, and what arrives there.</summary>
public sealed class EnvironmentDriver(ScenarioPlatform scenario, TenantPodDriver pods, GpuShareDriver jobs)
{
    /// <summary>What admission lets pass, in a table of names.</summary>
    public const string Admitted = "admitted";

    private const int AnyMiB = 1000;

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

    /// <summary>Shows admission a name in each place of a table, until every answer is as the table has it. Nobody keeps anything.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="rows">A name, and what is to be said to it by place: <see cref="Admitted"/>, or who refuses it. Places: <c>pod</c>, <c>GPU job</c>, <see cref="Stores"/>.</param>
    /// <returns>The answers that stay wrong.</returns>
    public Task<IReadOnlyList<string>> WrongNamesAsync(Tenant tenant, IReadOnlyList<(string Name, string Place, string Expected)> rows) => scenario.Manifests.AwaitEffectAsync(
        "names of the environment", $"{rows.Count} names of tenant \"{tenant.Name}\" to be refused or admitted as the table says", () => LookAsync(tenant, rows), wrong => wrong.Count == 0,
        wrong => string.Join("; ", wrong));

    private async Task<IReadOnlyList<string>> LookAsync(Tenant tenant, IReadOnlyList<(string Name, string Place, string Expected)> rows)
    {
        var wrong = new List<string>();
        foreach (var (name, place, expected) in rows)
        {
            var answer = await ShowAsync(tenant, place, name);
            if (!(expected == Admitted ? answer.Allowed : PodRefusal.Of(expected).Is(answer)))
                wrong.Add($"{name} in a {place}: expected {expected}, but was {answer.Verdict}");
        }

        return wrong;
    }

    private async Task<ApiAnswer> ShowAsync(Tenant tenant, string place, string name) => place switch
    {
        "pod" => (await pods.TryAsync(tenant, PodTrait.Sets(name, "all"), PodPart.Pod)).Answer,
        "GPU job" => (await jobs.SubmitAsync(tenant, new(AnyMiB, AnyMiB), CapEvasion.Sets(name), dryRun: true)).Answer,
        _ => await TryKeepAsync(tenant, place, name, dryRun: true),
    };

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
