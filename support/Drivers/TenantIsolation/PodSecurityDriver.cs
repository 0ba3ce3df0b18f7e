using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>Pod Security as it stands on the namespaces of a scenario's tenants.</summary>
public sealed class PodSecurityDriver(ScenarioPlatform scenario)
{
    /// <summary>The namespaces of tenants that enforce neither level: the label is missing, or says that everything goes; sorted.</summary>
    public async Task<IReadOnlyList<string>> WithoutAsync() => [.. (await scenario.Tenants.NamespacesAsync()).Select(n => n["metadata"]!)
        .Where(m => !PodChecks.IsLevel((string?)m["labels"]![PodChecks.Enforce])).Select(m => (string)m["name"]!).Order(StringComparer.Ordinal)];
}
