using SecuritySpecs.Rbac;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.PlatformAudit;

/// <summary>What the audit goes by, of fleet-fixtures.</summary>
/// <param name="Owners">Who may hold dangerous rights.</param>
/// <param name="Rules">What looks like a credential.</param>
/// <param name="Toolkit">Which versions of NVIDIA's components have known holes.</param>
public sealed record AuditRules(RightsOwners Owners, IReadOnlyList<SecretRule> Rules, IReadOnlyList<ToolkitComponent> Toolkit);

/// <summary>Judges a cluster by its objects. It asks nobody and changes nothing.</summary>
public static class ClusterAudit
{
    private static readonly IReadOnlyList<Func<ClusterObjects, AuditRules, IEnumerable<AuditFinding>>> Checks =
    [
        RightsChecks.Find, QuotaChecks.Find, NetworkChecks.Find, PodChecks.Find, AdmissionChecks.Find, ServiceChecks.Find, SecretChecks.Find, SupplyChecks.Find,
    ];

    /// <summary>Every finding, the worst first.</summary>
    public static IReadOnlyList<AuditFinding> Findings(ClusterObjects cluster, AuditRules rules) =>
        [.. Checks.SelectMany(check => check(cluster, rules)).Distinct().OrderBy(f => f.Severity).ThenBy(f => f.Control, StringComparer.Ordinal).ThenBy(f => f.Target, StringComparer.Ordinal).ThenBy(f => f.Problem, StringComparer.Ordinal)];
}
