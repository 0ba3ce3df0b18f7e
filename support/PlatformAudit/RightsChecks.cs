using SecuritySpecs.Rbac;

namespace SecuritySpecs.PlatformAudit;

/// <summary>Who can do what is dangerous.</summary>
internal static class RightsChecks
{
    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        var report = new WhoCanReport(new RbacAnalysis(cluster.Rbac), cluster.Rbac, rules.Owners);
        foreach (var right in DangerousRight.All)
        {
            foreach (var grant in report.BeyondOwners(right).Where(g => g.Binding is not null))
            {
                var scope = grant.Namespace is null ? "the whole cluster" : $"namespace {grant.Namespace}";
                yield return new("who-can", grant.Namespace is null ? Severity.Critical : Severity.High, Words(grant.Binding!), $"{grant.Subject} can {right.Id} in {scope}",
                    $"{char.ToUpperInvariant(right.Why[0])}{right.Why[1..]}.", $"kubectl {Get(grant.Binding!)} -o yaml, then remove the subject or the right, or declare the owner in fleet-fixtures/{RightsOwners.FileName}");
            }
        }

        foreach (var grant in report.BroadBindings().GroupBy(g => (g.Binding, g.Subject)))
        {
            yield return new("who-can", grant.Key.Binding.Namespace is null ? Severity.Critical : Severity.High, Words(grant.Key.Binding), $"{grant.Key.Subject} may {grant.First().Request}{(grant.Count() > 1 ? $" and {grant.Count() - 1} more" : "")}",
                "Every account of the cluster holds this right, including those of tenants' pods.", $"kubectl delete {Name(grant.Key.Binding)}, after you have bound who needs it by name");
        }
    }

    private static string Words(RbacBinding binding) => binding.Namespace is null ? $"ClusterRoleBinding {binding.Name}" : $"RoleBinding {binding.Namespace}/{binding.Name}";

    private static string Get(RbacBinding binding) => $"get {Name(binding)}";

    private static string Name(RbacBinding binding) => binding.Namespace is null ? $"clusterrolebinding {binding.Name}" : $"rolebinding {binding.Name} -n {binding.Namespace}";
}
