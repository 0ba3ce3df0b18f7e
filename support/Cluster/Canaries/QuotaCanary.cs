namespace SecuritySpecs.Cluster.Canaries;

/// <summary>Finds out what quotas can be about here.</summary>
internal sealed class QuotaCanary(KubeApi admin, RunOptions options)
{
    private const string Scope = "CrossNamespacePodAffinity";

    /// <summary>Whether a quota can select pods by an affinity to other namespaces. An API server that does not know the scope refuses the quota.</summary>
    public async Task<CapabilityInfo> AffinityAsync()
    {
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-affinity");
        var quota = new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "ResourceQuota", ["metadata"] = new JsonObject { ["name"] = "canary" },
            ["spec"] = new JsonObject { ["hard"] = new JsonObject { ["pods"] = "0" }, ["scopes"] = new JsonArray(Scope) },
        };
        var answer = await admin.PostAsync($"/api/v1/namespaces/{space.Name}/resourcequotas?dryRun=All", quota);
        var isUnknown = answer.Code == 422 && answer.Message?.Contains("unsupported scope", StringComparison.Ordinal) == true;
        if (!isUnknown)
            answer.OrThrow();
        return new(CapabilityDetector.AffinityQuota, !isUnknown, $"the API server {(isUnknown ? "does not know" : "knows")} quotas with the scope {Scope} (dry run)");
    }

    /// <summary>Whether a pod can name amounts for all its containers together. An API server that does not know the field drops it.</summary>
    public async Task<CapabilityInfo> PodLevelAsync()
    {
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-pod-level");
        var answer = await new PodDriver(admin, options.Manifests, space.Name, "default").TryAddAsync("canary", "workloads/plain-pod.yaml", Placement.Nowhere,
            pod => pod["spec"]!["resources"] = new JsonObject { ["limits"] = new JsonObject { ["cpu"] = "100m" } }, dryRun: true);
        var isKept = answer.OrThrow().Body!["spec"]!["resources"] is not null;
        return new(CapabilityDetector.PodLevelResources, isKept, $"the API server {(isKept ? "keeps" : "drops")} the amounts that a pod names as a whole (dry run)");
    }
}
