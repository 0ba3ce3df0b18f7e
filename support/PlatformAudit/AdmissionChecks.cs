namespace SecuritySpecs.PlatformAudit;

/// <summary>Admission that lets pass what it cannot judge, or only warns.</summary>
internal static class AdmissionChecks
{
    private const string Control = "gpu-only-through-a-request";
    private const string Ignore = "Ignore";

    // By the first name since Kubernetes 1.34, by the other one in 1.33.
    private static readonly string[] AdminAccessLabels = ["resource.kubernetes.io/admin-access", "resource.k8s.io/admin-access"];

    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        foreach (var webhooks in (string[])[ClusterObjects.Validating, ClusterObjects.Mutating])
        {
            foreach (var configuration in cluster.Of(webhooks))
            {
                foreach (var webhook in ClusterObjects.Items(configuration["webhooks"]).Where(w => (string?)w["failurePolicy"] == Ignore && IsAboutPods(w["rules"])))
                {
                    yield return new(Control, Severity.Medium, ClusterObjects.Words(configuration), $"the webhook {webhook["name"]} fails open", "Pods are admitted unjudged while the webhook's server does not answer.",
                        $"failurePolicy: Fail, with a namespaceSelector that leaves {(webhooks == ClusterObjects.Validating ? "the policy engine" : "the webhook")}'s own namespace out");
                }
            }
        }

        var policies = cluster.Of(ClusterObjects.AdmissionPolicies);
        foreach (var policy in policies.Where(p => (string?)p["spec"]!["failurePolicy"] == Ignore))
            yield return new(Control, Severity.Medium, ClusterObjects.Words(policy), "fails open", "What it cannot judge, such as a pod that is too large, is admitted.", "failurePolicy: Fail");
        foreach (var policy in policies.Where(p => !cluster.Of(ClusterObjects.AdmissionBindings).Any(b => (string?)b["spec"]!["policyName"] == ClusterObjects.NameOf(p))))
            yield return new(Control, Severity.Medium, ClusterObjects.Words(policy), "has no binding", "It judges nothing.", "a ValidatingAdmissionPolicyBinding with validationActions: [Deny]");
        foreach (var binding in cluster.Of(ClusterObjects.AdmissionBindings).Where(b => ClusterObjects.Items(b["spec"]!["validationActions"]).All(a => (string?)a != "Deny")))
            yield return new(Control, Severity.Medium, ClusterObjects.Words(binding), "denies nothing", "What its policy forbids is admitted, with a warning or a line in the audit log.", "validationActions: [Deny]");
        foreach (var finding in MayHaveAdminAccess(cluster))
            yield return finding;
        foreach (var claim in cluster.OfTenants(ClusterObjects.Claims).Where(c => ClusterObjects.Items(c["spec"]?["devices"]?["requests"]).Any(HasAdminAccess)))
            yield return new("shared-surfaces", Severity.High, ClusterObjects.Words(claim), "has admin access to devices", "It uses devices that are given to others.", $"kubectl label namespace {ClusterObjects.NamespaceOf(claim)} resource.kubernetes.io/admin-access-");
    }

    private static IEnumerable<AuditFinding> MayHaveAdminAccess(ClusterObjects cluster) =>
        from tenant in cluster.Tenants
        from label in AdminAccessLabels
        where cluster.Rbac.Namespaces.GetValueOrDefault(tenant)?.GetValueOrDefault(label) == "true"
        select new AuditFinding("shared-surfaces", Severity.High, $"Namespace {tenant}", "may ask for admin access to devices", "The tenant's claims may use devices that are given to others.",
            $"kubectl label namespace {tenant} {label}-");

    private static bool HasAdminAccess(JsonNode request) => (bool?)(request["exactly"] ?? request)["adminAccess"] == true;

    private static bool IsAboutPods(JsonNode? rules) => ClusterObjects.Items(rules).Any(r => ClusterObjects.Items(r["resources"]).Any(n => (string?)n is "pods" or "*" or "*/*"));
}
