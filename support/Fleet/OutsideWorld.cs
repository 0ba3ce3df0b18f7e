namespace SecuritySpecs.Fleet;

/// <summary>
/// What pods find beyond their cluster: a web site, a resolver and a cloud with a metadata service and a bucket, all played by the fleet
/// program on the node under test. Deployed when a scenario first asks for it; shared by the runs on a cluster as the device plugin is.
/// </summary>
public static class OutsideWorld
{
    /// <summary>The web site.</summary>
    public const string Site = "http://198.51.100.10/";

    /// <summary>Who answers at <see cref="Site"/>, as pods say who they are.</summary>
    public const string SiteOwner = "outside/web-site";

    /// <summary>The resolver.</summary>
    public const string Resolver = "198.51.100.53";

    /// <summary>The metadata service.</summary>
    public const string Metadata = "169.254.169.254";

    /// <summary>Where the metadata service keeps the credentials of the node.</summary>
    public const string CredentialsPath = "/latest/meta-data/iam/security-credentials/gpu-node";

    /// <summary>The cloud's API.</summary>
    public const string Cloud = "198.51.100.20";

    /// <summary>Who answers at <see cref="Cloud"/>, as pods say who they are.</summary>
    public const string CloudOwner = "outside/bucket";

    /// <summary>Where the cloud keeps something that the node's credentials open.</summary>
    public const string BucketPath = "/models/weights";

    /// <summary>The secret part of the node's credentials, which are nobody's.</summary>
    public const string Credential = "fake-node-credential";

    /// <summary>How its process says that a real metadata service is there: the one definite reason why it cannot be.</summary>
    internal const string PlaceIsTaken = "a metadata service answers at";

    private const string Label = "app.kubernetes.io/name=outside-world";
    private static readonly TimeSpan Rollout = TimeSpan.FromSeconds(120);

    /// <summary>Deploys it, and waits until it answers.</summary>
    /// <exception cref="EnvironmentException">It cannot be there; the message says why.</exception>
    /// <exception cref="TimeoutException">It did not come up; the message says how far it got.</exception>
    public static async Task DeployAsync(KubeApi admin, RunManifests run, GpuFleet fleet)
    {
        var manifest = run.Load("workloads/outside-world.yaml", new Dictionary<string, string> { ["NAMESPACE"] = GpuFleet.Namespace, ["IMAGE"] = run.FleetImage! });
        fleet.NodeUnderTestOrAny.ApplyTo(manifest.Objects[0]["spec"]!["template"]!.AsObject());
        await SharedParts.ApplyAsync(admin, "security-specs/outside-world", manifest);
        var path = $"/apis/apps/v1/namespaces/{GpuFleet.Namespace}/daemonsets/outside-world";
        await Poll.UntilAsync("the world outside to answer", async () => (Set: (await admin.GetUnrecordedAsync(path)).OrThrow().Body!, Failure: await FailureAsync(admin)),
            seen => seen.Failure is null ? GpuFleet.IsRolledOut(seen.Set) : throw new EnvironmentException(seen.Failure),
            seen => seen.Set["status"]?.ToJsonString() ?? "no status", Rollout);
    }

    // What its process said when it ended, if it did.
    private static async Task<string?> FailureAsync(KubeApi admin) =>
        (await admin.GetUnrecordedAsync($"/api/v1/namespaces/{GpuFleet.Namespace}/pods?labelSelector={Uri.EscapeDataString(Label)}")).OrThrow().Items
            .Where(p => p!["metadata"]!["deletionTimestamp"] is null)
            .SelectMany(p => p!["status"]?["containerStatuses"]?.AsArray() ?? [])
            .Select(c => (string?)(c!["state"]?["terminated"] ?? c["lastState"]?["terminated"])?["message"])
            .FirstOrDefault(m => m is not null)?.Trim();
}
