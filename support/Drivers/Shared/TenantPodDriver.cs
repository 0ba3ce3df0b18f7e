using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>Pods of tenants that are unusual in some way.</summary>
public sealed class TenantPodDriver(ScenarioPlatform scenario, PodFactory factory)
{
    /// <summary>Asks for a pod that no node may run; refusal is a verdict.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, PodTrait trait) => SubmitAsync(tenant, trait, Placement.Nowhere);

    /// <summary>Asks what admission says to a pod that is then not kept: for looking again until a control is in force.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="trait">What is unusual.</param>
    /// <param name="part">Where in the pod it is. A debug container goes into the pod that "has a pod" made.</param>
    public Task<SubmittedPod> TryAsync(Tenant tenant, PodTrait trait, PodPart part) => part switch
    {
        PodPart.DebugContainer => TryDebugAsync(tenant, trait),
        PodPart.InitContainer => SubmitAsync(tenant, trait with { Change = PodParts.InitContainer(trait) }, Placement.Nowhere, dryRun: true),
        PodPart.Sidecar => SubmitAsync(tenant, trait with { Change = PodParts.Sidecar(trait) }, Placement.Nowhere, dryRun: true),
        _ => SubmitAsync(tenant, trait, Placement.Nowhere, dryRun: true),
    };

    /// <summary>Asks for a label on a pod that is there.</summary>
    public static Task<SubmittedPod> LabelAsync(SubmittedPod pod, string label, string value) => MarkAsync(pod, "labels", label, value);

    /// <summary>Asks for an annotation on a pod that is there.</summary>
    public static Task<SubmittedPod> AnnotateAsync(SubmittedPod pod, string annotation, string value) => MarkAsync(pod, "annotations", annotation, value);

    /// <summary>Asks for another image in the first container of a pod that is there.</summary>
    public static async Task<SubmittedPod> ChangeImageAsync(SubmittedPod pod, string image)
    {
        var containers = (await pod.Tenant.Api.GetAsync(pod.Path)).OrThrow().Body!["spec"]!["containers"]!.DeepClone();
        containers[0]!["image"] = PodTrait.FullName(image);
        return pod with { Answer = await pod.Tenant.Api.PatchAsync(pod.Path, new JsonObject { ["spec"] = new JsonObject { ["containers"] = containers } }) };
    }

    /// <summary>Asks for a debug container in a pod that is there.</summary>
    public static async Task<SubmittedPod> DebugAsync(SubmittedPod pod, PodTrait trait)
    {
        var patch = PodParts.DebugContainer(pod.Tenant.Pods.Load(pod.Name, trait.Workload, Placement.Nowhere), trait);
        return pod with { Answer = await pod.Tenant.Api.PatchAsync($"{pod.Path}/ephemeralcontainers", patch) };
    }

    /// <summary>Runs a pod on the node under test until it is ready.</summary>
    public async Task<SubmittedPod> RunAsync(Tenant tenant, PodTrait trait) => await PodFactory.ReadyAsync(
        await SubmitAsync(tenant, trait, scenario.Platform.Fleet.NodeUnderTestOrAny), $"fleet-fixtures/{trait.Workload}, a pod that {trait.Phrase}");

    private static async Task<SubmittedPod> MarkAsync(SubmittedPod pod, string kind, string key, string value) => pod with
    {
        Answer = await pod.Tenant.Api.PatchAsync(pod.Path, new JsonObject { ["metadata"] = new JsonObject { [kind] = new JsonObject { [key] = value } } }),
    };

    private static async Task<SubmittedPod> TryDebugAsync(Tenant tenant, PodTrait trait)
    {
        var patch = PodParts.DebugContainer(tenant.Pods.Load(TenantRequest.Pod, trait.Workload, Placement.Nowhere), trait);
        return new(tenant, TenantRequest.Pod, await tenant.Api.PatchAsync($"{tenant.Pods.Collection}/{TenantRequest.Pod}/ephemeralcontainers?dryRun=All", patch));
    }

    private Task<SubmittedPod> SubmitAsync(Tenant tenant, PodTrait trait, Placement where, bool dryRun = false) =>
        factory.SubmitAsync(tenant, "pod", trait.Workload, where, trait.Change, dryRun);
}
