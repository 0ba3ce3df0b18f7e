using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Asks for pods in a tenant's name.</summary>
public sealed class PodRequests(GpuPodDriver gpuPods, TenantPodDriver pods, GpuPoolDriver pools, PriorityDriver priorities)
{
    /// <summary>Asks for a pod; refusal is a verdict.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, PodRequest pod) => pod switch
    {
        { Trait: null, Gpus: 0, Place: PodRequest.TakenNode } => priorities.ContestAsync(tenant, pod.PriorityClass),
        { Trait: null, PriorityClass: { } name, Place: "" } => priorities.SubmitAsync(tenant, name, pod.Gpus),
        { Trait: { } trait, Gpus: 0, PriorityClass: null, Place: PodRequest.Pools } => pools.SubmitAsync(tenant, trait),
        { Trait: { } trait, Gpus: 0, PriorityClass: null, Place: "" } => pods.SubmitAsync(tenant, trait),
        { Trait: null, PriorityClass: null } => gpuPods.SubmitAsync(tenant, pod.Gpus, PlacementOf(pod)),
        _ => throw Unknown(pod),
    };

    /// <summary>Runs a pod on the node under test until it is ready.</summary>
    public Task<SubmittedPod> RunAsync(Tenant tenant, PodRequest pod) => pod switch
    {
        { Trait: { } trait, Gpus: 0, PriorityClass: null, Place: "" } => pods.RunAsync(tenant, trait),
        { Trait: null, PriorityClass: null, Place: "" or PodRequest.SameNode } => gpuPods.RunAsync(tenant, pod.Gpus),
        _ => throw Unknown(pod),
    };

    private Placement PlacementOf(PodRequest pod) => pod.Place switch
    {
        "" => Placement.Nowhere,
        PodRequest.WholeFleet => gpuPods.WholeFleet,
        PodRequest.NoKubelet => gpuPods.WithoutKubelet,
        PodRequest.SameNode => gpuPods.NodeUnderTest,
        _ => throw Unknown(pod),
    };

    private static ArgumentException Unknown(PodRequest pod) => new($"No driver asks for such a pod: {pod}.");
}
