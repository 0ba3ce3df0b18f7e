using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>
/// Looks over all tenants' namespaces for one without a default deny, by asking what the policies say about a pod that does not
/// exist yet: one without any label, which nobody has thought of. No policy of a certain name or shape will do.
/// </summary>
public sealed class NetworkAudit(ScenarioPlatform scenario)
{
    private const string Elsewhere = "elsewhere";
    private static readonly Dictionary<string, string> NoLabels = [];

    /// <summary>The namespaces of this scenario's tenants in which such a pod can reach a stranger or be reached by one, by any port; sorted.</summary>
    public async Task<IReadOnlyList<string>> WithoutDefaultDenyAsync()
    {
        var snapshot = await PolicySnapshot.ReadAsync(scenario.Platform.Admin);
        var oracle = new PolicyOracle(new Dictionary<string, IReadOnlyDictionary<string, string>>(snapshot.Namespaces) { [Elsewhere] = NoLabels }, snapshot.Policies);
        return [.. (await scenario.Tenants.NamespacesAsync()).Select(n => (string)n["metadata"]!["name"]!).Where(n => IsOpen(oracle, n)).Order(StringComparer.Ordinal)];
    }

    private static bool IsOpen(PolicyOracle oracle, string @namespace)
    {
        var newcomer = new NetworkPeer(NetworkPeer.Outside("192.0.2.1").Address, @namespace, "newcomer", NoLabels, []);
        NetworkPeer[] strangers = [NetworkPeer.Outside("198.51.100.1"), new(NetworkPeer.Outside("192.0.2.2").Address, Elsewhere, "stranger", NoLabels, [])];
        return strangers.Any(stranger => oracle.LetsSomeIn(stranger, newcomer) || oracle.LetsSomeOut(newcomer, stranger));
    }
}
