using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>The tenants of one scenario.</summary>
/// <param name="scenario">The scenario.</param>
public sealed class ScenarioTenants(ScenarioPlatform scenario)
{
    private const string File = "controls/tenant.yaml";

    // The grace, the age of the kubelet's list, and some.
    private static readonly TimeSpan UntilForce = TimeSpan.FromSeconds(6);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Tenant> _tenants = [];

    /// <summary>A tenant that the scenario has introduced.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public Tenant this[string name] => _tenants.TryGetValue(name, out var tenant) ? tenant
        : throw new ArgumentException($"There is no tenant \"{name}\" in this scenario; introduced were {string.Join(", ", _tenants.Keys)}.");

    /// <summary>The tenant introduced first, where it does not matter which.</summary>
    public Tenant Any => _tenants.Values.First();

    /// <summary>The namespace of each tenant, by the tenant's name.</summary>
    public IReadOnlyDictionary<string, string> Namespaces => _tenants.ToDictionary(t => t.Key, t => t.Value.Namespace);

    /// <summary>Gives a tenant its namespace, account and rights by controls/tenant.yaml, and a token.</summary>
    /// <param name="name">What the feature calls it.</param>
    /// <param name="owner">The tenant whose further namespace it is; null for a tenant's first.</param>
    public async Task<Tenant> AddAsync(string name, string? owner = null)
    {
        var platform = scenario.Platform;
        var @namespace = scenario.Unique(name);
        scenario.CleanUp.RemovePods(@namespace);
        await scenario.Manifests.ApplyAsync(File, new() { ["TENANT"] = owner ?? name, ["NAMESPACE"] = @namespace });
        await scenario.Manifests.AwaitInForceAsync(File, $"the account of tenant \"{name}\" to be there",
            () => platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{@namespace}/serviceaccounts/{Tenant.ServiceAccount}"), a => a.Allowed, a => a.ToString());
        var developer = await scenario.LoginAsync($"tenant \"{name}\"", @namespace, Tenant.ServiceAccount);
        var tenant = new Tenant(name, @namespace, developer, new(developer.Api, scenario.Files, @namespace, Tenant.ServiceAccount, platform.Admin))
            { Owner = owner ?? name, RunId = platform.Options.RunId, Node = platform.Fleet.Info.RealNodes is [var node, ..] ? node : "none" };
        // Its rights are in force a moment after they are written; a scenario judges only then.
        await scenario.Manifests.AwaitInForceAsync(File, $"the rights of tenant \"{name}\" to be in force", () => tenant.Api.GetUnrecordedAsync(tenant.Pods.Collection), a => a.Allowed, a => a.ToString());
        lock (_lock)
            _tenants.Add(name, tenant);
        return tenant;
    }

    /// <summary>The namespaces of this scenario's tenants, as an audit finds them: by the platform's own label on them.</summary>
    /// <exception cref="InvalidOperationException">There are none: an audit of nothing would find nothing.</exception>
    public async Task<IReadOnlyList<JsonNode>> NamespacesAsync()
    {
        var selector = Uri.EscapeDataString($"{Tenant.Label},{RunLabels.Scenario}={scenario.Id}");
        var namespaces = (await scenario.Admin.GetAsync($"/api/v1/namespaces?labelSelector={selector}")).OrThrow().Items;
        return namespaces.Count > 0 ? [.. namespaces.Select(n => n!)] : throw new InvalidOperationException("No tenant of this scenario has a namespace.");
    }

    /// <summary>The tenants with an object of which something is true, by their names; sorted.</summary>
    /// <param name="collection">The resource, for example <c>pods</c>, of the core API.</param>
    /// <param name="isSo">What is looked for.</param>
    public async Task<IReadOnlyList<string>> WithAsync(string collection, Func<JsonNode, bool> isSo)
    {
        var found = new List<string>();
        foreach (var (name, @namespace) in Namespaces)
        {
            if ((await scenario.Admin.GetAsync($"/api/v1/namespaces/{@namespace}/{collection}")).OrThrow().Items.Any(o => isSo(o!)))
                found.Add(name);
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Removes the pods of all tenants and waits until they are gone. Not by force: then they would leave the API at once, and their GPUs
    /// would be given to others while they still run. With a grace period the object goes when the kubelet says that the pod has ended.
    /// </summary>
    public Task RemovePodsAsync() => Task.WhenAll(_tenants.Values.Select(RemovePodsAsync));

    // A kubelet of 1.20 may keep the object of a pod that was deleted right after its start for more than 30 s, although nothing of it runs.
    private async Task RemovePodsAsync(Tenant tenant)
    {
        var (admin, clock) = (scenario.Platform.Admin, Stopwatch.StartNew());
        var path = $"/api/v1/namespaces/{tenant.Namespace}/pods";
        await DeleteAsync(1);
        await Poll.UntilAsync($"the pods of tenant \"{tenant.Name}\" to be gone", async () =>
        {
            var left = (await admin.GetUnrecordedAsync(path)).OrThrow().Items.Count;
            if (left > 0 && clock.Elapsed > UntilForce && !await RunsAsync(tenant))
                await DeleteAsync(0);
            return left;
        }, left => left == 0, left => $"{left} pods");

        async Task DeleteAsync(int grace) => (await admin.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = grace })).OrThrow();
    }

    private async Task<bool> RunsAsync(Tenant tenant)
    {
        var kubelets = scenario.Platform.Fleet.Info.RealNodes.Select(n => new KubeletPods(scenario.Platform.Admin, n));
        return (await Task.WhenAll(kubelets.Select(k => k.RunningAsync()))).Any(running => running.Any(p => p.Namespace == tenant.Namespace));
    }
}
