namespace SecuritySpecs.Cluster.Canaries;

/// <summary>
/// Finds out whether the admission plugins are on that keep a namespace to its pool of nodes. Kubernetes has both since 1.5
/// and enables neither by itself, and no API tells: a pod (dry run) that they must refuse is the test.
/// </summary>
internal sealed class PoolAdmissionCanary(KubeApi admin, RunOptions options)
{
    /// <summary>PodNodeSelector's annotation of a namespace.</summary>
    public const string SelectorAnnotation = "scheduler.alpha.kubernetes.io/node-selector";

    /// <summary>PodTolerationRestriction's annotation of a namespace.</summary>
    public const string WhitelistAnnotation = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

    public Task<CapabilityInfo> NodeSelectorAsync() => TryAsync(
        CapabilityDetector.NodeSelector, SelectorAnnotation, "canary=here", "another node than its namespace's",
        new() { ["nodeSelector"] = new JsonObject { ["canary"] = "elsewhere" } }, "conflicts with its namespace node label selector");

    public Task<CapabilityInfo> TolerationRestrictionAsync() => TryAsync(
        CapabilityDetector.TolerationRestriction, WhitelistAnnotation, """[{"key": "canary", "operator": "Equal", "value": "here", "effect": "NoSchedule"}]""",
        "a toleration that its namespace does not list",
        new() { ["tolerations"] = new JsonArray(new JsonObject { ["operator"] = "Exists" }) }, "conflict with its namespace whitelist");

    private async Task<CapabilityInfo> TryAsync(string capability, string annotation, string value, string asks, JsonObject spec, string refusal)
    {
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-" + capability, annotations: new() { [annotation] = value });
        spec["automountServiceAccountToken"] = false;
        spec["containers"] = new JsonArray(new JsonObject { ["name"] = "c", ["image"] = "canary" });
        var pod = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = new JsonObject { ["name"] = "canary" }, ["spec"] = spec };
        // A namespace's default ServiceAccount comes a moment after the namespace.
        var answer = await Poll.UntilAsync($"a verdict on a pod with {asks}", () => admin.PostAsync($"/api/v1/namespaces/{space.Name}/pods?dryRun=All", pod.DeepClone()),
            a => a.Allowed || a.Message?.Contains(refusal, StringComparison.Ordinal) == true, a => a.ToString());
        return new(capability, !answer.Allowed, $"a pod with {asks} was {(answer.Allowed ? "admitted" : "refused")} (dry run)");
    }
}
