using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>The node's credentials in its cloud: taken by a pod, used at a bucket, and revoked.</summary>
public sealed class CloudCredentialDriver(ScenarioPlatform scenario, EgressDriver egress, ReachabilityDriver reach) : IDisposable
{
    private const string OutsidePods = "?labelSelector=app.kubernetes.io%2Fname%3Doutside-world";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Prober _prober = new(scenario.Platform.Admin);
    private (string Name, string Token)? _stolen;

    private (string Name, string Token) Stolen => _stolen ?? throw new InvalidOperationException("No step of this scenario has taken the node's credentials yet.");

    /// <summary>Has a tenant's pod ask the metadata service for the node's credentials until it gets them, and keeps them.</summary>
    public async Task TakeAsync(Tenant tenant, Workload workload, MetadataForm form)
    {
        var said = await Poll.UntilAsync($"the credentials of the node in the {workload} of tenant \"{tenant.Name}\"",
            () => egress.AskForCredentialsAsync(tenant, workload, form), s => s?.Contains(OutsideWorld.Credential, StringComparison.Ordinal) == true, s => s ?? "nothing");
        var credentials = JsonNode.Parse(said!)!;
        _stolen = ((string)credentials["AccessKeyId"]!, (string)credentials["Token"]!);
    }

    /// <summary>Uses what was taken last at the bucket, from a tenant's pod.</summary>
    /// <returns>What came of it. The token is on no command line: it goes to the pod by its control port.</returns>
    public async Task<Observation> UseAsync(Tenant tenant, Workload workload)
    {
        var by = $"{workload} of tenant \"{tenant.Name}\"";
        var target = new ProbeTarget("the bucket", $"s3://{Stolen.Token}@{OutsideWorld.Cloud}{OutsideWorld.BucketPath}", OutsideWorld.CloudOwner);
        var seen = (await _prober.LookAsync([(await reach.SourceAsync($"the {by}"), target)], Patience))[0];
        scenario.Note(by, $"shows the bucket the credentials {Stolen.Name}: {seen.Meaning}, {seen.Body}");
        return seen;
    }

    /// <summary>Revokes what was taken last, as the cloud's administrator: from the node, for the cloud is beyond it.</summary>
    public async Task RevokeAsync()
    {
        var pods = (await scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{GpuFleet.Namespace}/pods{OutsidePods}")).OrThrow().Items;
        var pod = (string)pods.First(p => p!["metadata"]!["deletionTimestamp"] is null)!["metadata"]!["name"]!;
        var plan = new JsonArray(new JsonObject { ["method"] = "DELETE", ["path"] = $"/sessions/{Stolen.Name}" }).ToJsonString();
        var outcome = await scenario.Admin.ExecAsync(GpuFleet.Namespace, pod, "outside-world", "fleet", "call", $"http://{OutsideWorld.Cloud}/", plan);
        var status = outcome.ExitCode == 0 ? (int?)JsonNode.Parse(outcome.Stdout)![0]!["status"] : null;
        if (status != 200)
            throw new InvalidOperationException($"The credentials {Stolen.Name} could not be revoked: {status} {outcome.Stderr}");
        scenario.Note("the cloud's administrator", $"revokes the credentials {Stolen.Name}");
    }

    /// <inheritdoc/>
    public void Dispose() => _prober.Dispose();
}
