using SecuritySpecs.Rbac;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.PlatformAudit;

/// <summary>Credentials where they must not be, tokens without end, and tokens that nobody needs.</summary>
internal static class SecretChecks
{
    private const string Control = "service-account-tokens";
    private static readonly string[] Scanned = [ClusterObjects.Pods, ClusterObjects.ConfigMaps, ClusterObjects.Services, ClusterObjects.Deployments, ClusterObjects.DaemonSets, ClusterObjects.Accounts];

    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        var scanner = new SecretScanner(rules.Rules);
        foreach (var (item, found) in Scanned.SelectMany(cluster.OfTenants).SelectMany(i => scanner.Scan(i).Select(f => (i, f))))
        {
            var target = (string)item["kind"]! == "Pod" ? ClusterObjects.Origin(item) : ClusterObjects.Words(item);
            yield return new("credentials-in-objects", Severity.High, target, $"{found.Field}: {found.Description}", "Whoever may read the object has the credential, and many more may read it than may read Secrets.",
                "revoke it, put the new one in a Secret, and refer to it by secretKeyRef or a volume");
        }

        // Kubernetes made one for each account until 1.24: those were nobody's choice.
        foreach (var secret in cluster.OfTenants(ClusterObjects.TokenSecrets).Where(s => cluster.Minor >= 24 || !IsOfItsAccount(cluster, s)))
            yield return new(Control, Severity.Medium, ClusterObjects.Words(secret), "holds a token that never expires", "Whoever has read it once is the account until the Secret is deleted.", $"kubectl delete secret {ClusterObjects.NameOf(secret)} -n {ClusterObjects.NamespaceOf(secret)}; use tokens of a TokenRequest");
        foreach (var finding in Idle(cluster))
            yield return finding;
    }

    private static bool IsOfItsAccount(ClusterObjects cluster, JsonNode secret) => cluster.Of(ClusterObjects.Accounts)
        .Any(a => ClusterObjects.NamespaceOf(a) == ClusterObjects.NamespaceOf(secret) && ClusterObjects.Items(a["secrets"]).Any(s => (string?)s["name"] == ClusterObjects.NameOf(secret)));

    // A token whose account was given nothing: the pod cannot need it.
    private static IEnumerable<AuditFinding> Idle(ClusterObjects cluster)
    {
        var bound = cluster.Rbac.Bindings.SelectMany(b => b.Subjects).ToHashSet();
        var accounts = cluster.OfTenants(ClusterObjects.Accounts).ToDictionary(a => (ClusterObjects.NamespaceOf(a), ClusterObjects.NameOf(a)));
        return from pod in cluster.OfTenants(ClusterObjects.Pods)
               let space = ClusterObjects.NamespaceOf(pod)
               let account = (string?)pod["spec"]!["serviceAccountName"] ?? "default"
               where (bool?)pod["spec"]!["automountServiceAccountToken"] ?? (bool?)accounts.GetValueOrDefault((space, account))?["automountServiceAccountToken"] ?? true
               where !bound.Contains(RbacSubject.Account(space, account)) && !bound.Contains(RbacSubject.Group($"system:serviceaccounts:{space}"))
               select new AuditFinding(Control, Severity.Low, ClusterObjects.Origin(pod), $"has a token of {account}, which holds no right", "Whoever gets into the pod can act as this account, and gets every right that it is given later.",
                   "automountServiceAccountToken: false");
    }
}
