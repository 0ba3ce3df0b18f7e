namespace SecuritySpecs.Cluster.Canaries;

/// <summary>
/// Finds out what admission makes of the images that a pod names, which no API tells: a pod (dry run) shows what is left of them.
/// </summary>
internal sealed class ImageCanary(KubeApi admin, RunOptions options)
{
    private const string Image = "registry.example/canary";
    private const string NoVolume = "must specify a volume type";

    /// <summary>Whether a volume can be an image. Where it cannot, the API server drops the field, and either refuses what is left or makes it an empty folder.</summary>
    public async Task<CapabilityInfo> VolumesAsync()
    {
        var answer = await TryAsync(CapabilityDetector.ImageVolumes, spec => spec["volumes"] =
            new JsonArray(new JsonObject { ["name"] = "canary", ["image"] = new JsonObject { ["reference"] = Image, ["pullPolicy"] = "Always" } }));
        var isRefused = !answer.Allowed && answer.Message?.Contains(NoVolume, StringComparison.Ordinal) == true;
        var isKept = !isRefused && (answer.OrThrow().Body!["spec"]!["volumes"]?.AsArray() ?? []).Any(v => (string?)v!["image"]?["reference"] == Image);
        return new(CapabilityDetector.ImageVolumes, isKept, $"the API server {(isKept ? "keeps" : "drops")} the image of a pod's volume (dry run)");
    }

    /// <summary>Whether every image is pulled anew, whatever a pod says.</summary>
    public async Task<CapabilityInfo> AlwaysPullAsync()
    {
        var answer = await TryAsync(CapabilityDetector.AlwaysPull, spec => spec["containers"]![0]!["imagePullPolicy"] = "IfNotPresent");
        var policy = (string)answer.OrThrow().Body!["spec"]!["containers"]![0]!["imagePullPolicy"]!;
        return new(CapabilityDetector.AlwaysPull, policy == "Always", $"a pod with the pull policy IfNotPresent was stored with {policy} (dry run)");
    }

    private async Task<ApiAnswer> TryAsync(string capability, Action<JsonObject> change)
    {
        await using var space = await ScratchNamespace.CreateAsync(admin, options.RunId, "canary-" + capability);
        return await new PodDriver(admin, options.Manifests, space.Name, "default")
            .TryAddAsync("canary", "workloads/plain-pod.yaml", Placement.Nowhere, pod => change(pod["spec"]!.AsObject()), dryRun: true);
    }
}
