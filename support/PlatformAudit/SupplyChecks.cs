namespace SecuritySpecs.PlatformAudit;

/// <summary>Images that a name alone identifies, and components of NVIDIA's with known holes.</summary>
internal static class SupplyChecks
{
    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        foreach (var pod in cluster.OfTenants(ClusterObjects.Pods))
        {
            foreach (var image in ClusterObjects.Containers(pod["spec"]!).Select(c => (string?)c["image"]).OfType<string>().Where(i => !ImageAudit.HasDigest(i)).Distinct())
            {
                yield return new("image-sources", Severity.Medium, ClusterObjects.Origin(pod), $"the image {image} has no digest", "Whoever can move the tag decides what the next pod runs.", "name the image as REPOSITORY@sha256:DIGEST");
            }
        }

        foreach (var workload in cluster.Of(ClusterObjects.DaemonSets).Concat(cluster.Of(ClusterObjects.Deployments)))
        {
            foreach (var finding in ToolkitFixes.Findings(workload, rules.Toolkit))
                yield return new("gpu-toolkit", Severity.Critical, ClusterObjects.Words(workload), finding, "A container with a GPU may escape to its node.", "upgrade it; fleet-fixtures/gpu-toolkit.yaml says which versions close which holes");
        }
    }
}
