namespace SecuritySpecs.PlatformAudit;

/// <summary>Images that a name alone identifies or that are from elsewhere, and components of NVIDIA's with known holes.</summary>
internal static class SupplyChecks
{
    public static IEnumerable<AuditFinding> Find(ClusterObjects cluster, AuditRules rules)
    {
        foreach (var pod in cluster.OfTenants(ClusterObjects.Pods))
        {
            foreach (var image in ImageAudit.Named(pod))
            {
                if (!ImageAudit.HasDigest(image))
                    yield return Image(pod, $"the image {image} has no digest", "Whoever can move the tag decides what the next pod runs.", "name the image as REPOSITORY@sha256:DIGEST");
                if (rules.Registries?.Have(image) == false)
                {
                    yield return Image(pod, $"the image {image} is from elsewhere", "Whoever can write to that registry decides what runs beside the tenant's data.",
                        $"skopeo copy docker://{image} docker://{rules.Registries.Folders[0]}/NAME, and name that one; fleet-fixtures/controls/image-sources.yaml refuses all others");
                }
            }
        }

        foreach (var workload in cluster.Of(ClusterObjects.DaemonSets).Concat(cluster.Of(ClusterObjects.Deployments)))
        {
            foreach (var finding in ToolkitFixes.Findings(workload, rules.Toolkit))
                yield return new("gpu-toolkit", Severity.Critical, ClusterObjects.Words(workload), finding, "A container with a GPU may escape to its node.", "upgrade it; fleet-fixtures/gpu-toolkit.yaml says which versions close which holes");
        }
    }

    private static AuditFinding Image(JsonNode pod, string problem, string allows, string fix) => new("image-sources", Severity.Medium, ClusterObjects.Origin(pod), problem, allows, fix);
}
