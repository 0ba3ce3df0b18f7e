using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>Pods of tenants that are unusual in some way.</summary>
public sealed class TenantPodDriver(ScenarioPlatform scenario)
{
    private int _count;

    /// <summary>Asks for a pod that no node may run; refusal is a verdict.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, PodTrait trait) => SubmitAsync(tenant, trait, Placement.Nowhere);

    /// <summary>Asks what admission says to a pod that is then not kept: for looking again until a control is in force.</summary>
    public Task<SubmittedPod> TryAsync(Tenant tenant, PodTrait trait) => SubmitAsync(tenant, trait, Placement.Nowhere, dryRun: true);

    /// <summary>Runs a pod on the node under test until it is ready.</summary>
    public async Task<SubmittedPod> RunAsync(Tenant tenant, PodTrait trait)
    {
        var pod = await SubmitAsync(tenant, trait, scenario.Platform.Fleet.NodeUnderTestOrAny);
        pod.Answer.OrThrow($"fleet-fixtures/{trait.Workload}, a pod that {trait.Phrase}");
        await tenant.Pods.WaitReadyAsync(pod.Name);
        return pod;
    }

    private async Task<SubmittedPod> SubmitAsync(Tenant tenant, PodTrait trait, Placement where, bool dryRun = false)
    {
        var name = $"pod-{Interlocked.Increment(ref _count)}";
        return new(tenant, name, await tenant.Pods.TryAddAsync(name, trait.Workload, where, trait.Change, dryRun));
    }
}
