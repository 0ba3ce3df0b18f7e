using SecuritySpecs.Rbac;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.PlatformAudit;

/// <summary>What the audit goes by, of fleet-fixtures.</summary>
/// <param name="Owners">Who may hold dangerous rights.</param>
/// <param name="Rules">What looks like a credential.</param>
/// <param name="Toolkit">Which versions of NVIDIA's components have known holes.</param>
/// <param name="Registries">Where images may come from; null where nobody has said.</param>
public sealed record AuditRules(RightsOwners Owners, IReadOnlyList<SecretRule> Rules, IReadOnlyList<ToolkitComponent> Toolkit, OwnRegistries? Registries = null);

/// <summary>Judges a cluster by its objects. It asks nobody and changes nothing.</summary>
public static class ClusterAudit
{
    private static readonly IReadOnlyList<Func<ClusterObjects, AuditRules, IEnumerable<AuditFinding>>> Checks =
    [
        RightsChecks.Find, QuotaChecks.Find, NetworkChecks.Find, PodChecks.Find, AdmissionChecks.Find, ServiceChecks.Find, SecretChecks.Find, SupplyChecks.Find,
    ];

    /// <summary>Every finding, the worst first.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="rules">What it goes by.</param>
    /// <param name="tell">Is told how far it is; null for nobody.</param>
    public static IReadOnlyList<AuditFinding> Findings(ClusterObjects cluster, AuditRules rules, Action<AuditProgress>? tell = null) =>
        [.. Checks.SelectMany((check, done) => Judge(check, done, cluster, rules, tell)).Distinct().OrderBy(f => f.Severity).ThenBy(f => f.Control, StringComparer.Ordinal).ThenBy(f => f.Target, StringComparer.Ordinal).ThenBy(f => f.Problem, StringComparer.Ordinal)];

    private static IEnumerable<AuditFinding> Judge(Func<ClusterObjects, AuditRules, IEnumerable<AuditFinding>> check, int done, ClusterObjects cluster, AuditRules rules, Action<AuditProgress>? tell)
    {
        tell?.Invoke(new("judging", done, Checks.Count));
        return check(cluster, rules);
    }
}
