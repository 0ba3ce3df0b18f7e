using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Looks over all tenants' namespaces for one without a default deny.</summary>
public sealed class NetworkAudit(ScenarioPlatform scenario)
{
    /// <summary>The namespaces of this scenario's tenants in which a new pod can reach a stranger or be reached by one, by any port; sorted.</summary>
    public async Task<IReadOnlyList<string>> WithoutDefaultDenyAsync()
    {
        var snapshot = await PolicySnapshot.ReadAsync(scenario.Platform.Admin);
        var deny = new DefaultDeny(snapshot.Namespaces, snapshot.Policies);
        return [.. (await scenario.Tenants.NamespacesAsync()).Select(n => (string)n["metadata"]!["name"]!).Where(n => deny.LetsIn(n) || deny.LetsOut(n)).Order(StringComparer.Ordinal)];
    }
}
