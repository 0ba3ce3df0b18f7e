using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>RuntimeClasses of the platform, which say what starts the containers of a pod.</summary>
public sealed class RuntimeClassDriver(ScenarioPlatform scenario, PodFactory factory)
{
    private const string File = "drills/runtime-class.yaml";

    /// <summary>Makes a RuntimeClass, and waits until admission knows it.</summary>
    public async Task AddAsync(string name)
    {
        await scenario.Manifests.ApplyAsync(File, new() { ["NAME"] = scenario.Unique(name) });
        await Poll.UntilAsync($"RuntimeClass {name} to be known to admission", () => TryAsync(scenario.Tenants.Any, name), a => a.Allowed, a => a.Verdict);
    }

    /// <summary>Has admission judge a pod that names a RuntimeClass; nobody keeps it.</summary>
    public async Task<ApiAnswer> TryAsync(Tenant tenant, string name) => (await factory.SubmitAsync(tenant, "runtime", PodFactory.PlainPod, Placement.Nowhere,
        pod => pod["spec"]!["runtimeClassName"] = scenario.Unique(name), dryRun: true)).Answer;
}
