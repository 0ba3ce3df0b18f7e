using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>Pod Security as it stands on the namespaces of a scenario's tenants.</summary>
public sealed class PodSecurityDriver(ScenarioPlatform scenario)
{
    private const string Enforce = "pod-security.kubernetes.io/enforce";

    /// <summary>The tenants whose namespace enforces neither level: the label is missing, or says that everything goes.</summary>
    public async Task<IReadOnlyList<string>> WithoutAsync() => [.. (await scenario.Tenants.NamespacesAsync()).Select(n => n["metadata"]!["labels"]!)
        .Where(l => (string?)l[Enforce] is not ("baseline" or "restricted")).Select(l => (string)l[Tenant.Label]!).Order()];
}
