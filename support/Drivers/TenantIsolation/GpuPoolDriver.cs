using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>Pools of GPU nodes: which tenant is assigned to which, and where its pods land.</summary>
public sealed class GpuPoolDriver(ScenarioPlatform scenario, PodFactory factory)
{
    private const string File = "controls/gpu-pools.yaml";
    private const string Annotation = "scheduler.alpha.kubernetes.io/";

    private GpuFleet Fleet => scenario.Platform.Fleet;

    // Every node of the fleet, but for what the taints of pools keep away.
    private Placement AnyPool => Placement.AnyNode(Fleet.ApiOnlyTaint);

    /// <summary>Assigns a tenant to a pool, and waits until admission judges its pods by that.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="pool">The pool's name in fleet.yaml.</param>
    /// <param name="edit">A mistake to make in the control; null for the control as it is.</param>
    public async Task AssignAsync(Tenant tenant, string pool, ManifestEdit? edit = null)
    {
        await scenario.Manifests.ApplyAsync(File, Values(tenant, pool), edit);
        var manifest = scenario.Load(File, Values(tenant, pool));
        if (edit is not null)
            scenario.Files.Break(manifest, edit);
        var expected = await ExpectedAsync(pool, manifest.Objects[0]["metadata"]!["annotations"]!.AsObject());
        await scenario.Manifests.AwaitInForceAsync(File, Awaited(tenant, expected), () => LookAsync(tenant), seen => seen == expected, seen => seen.ToString());
    }

    /// <summary>Takes the assignment back, and waits until admission leaves the tenant's pods as they are.</summary>
    public async Task FreeAsync(Tenant tenant)
    {
        await scenario.Manifests.RemoveAsync(File, Values(tenant, "none"));
        var free = new Assignment(null, null, false);
        await Poll.UntilAsync(Awaited(tenant, free), () => LookAsync(tenant), seen => seen == free, seen => seen.ToString());
    }

    /// <summary>Asks for a pod that may run on any node of the fleet that lets it.</summary>
    public Task<SubmittedPod> SubmitAsync(Tenant tenant, PodTrait trait) => factory.SubmitAsync(tenant, "pool", trait.Workload, AnyPool, trait.Change);

    /// <summary>Asks for a pod that names the node under test itself, so that no scheduler is asked.</summary>
    public Task<SubmittedPod> NameNodeAsync(Tenant tenant) =>
        factory.SubmitAsync(tenant, "pool", PodFactory.PlainPod, Placement.AnyRealNode, pod => pod["spec"]!["nodeName"] = Fleet.NodeUnderTest);

    /// <summary>Adds to a pod that is there the toleration of a pool's taint, as the tenant that has the pod.</summary>
    public static async Task<SubmittedPod> TolerateAsync(SubmittedPod pod, NodeTaint taint)
    {
        var tolerations = (await pod.Tenant.Api.GetAsync(pod.Path)).OrThrow().Body!["spec"]!["tolerations"]!.DeepClone().AsArray();
        tolerations.Add(taint.ToJson());
        return pod with { Answer = await pod.Tenant.Api.PatchAsync(pod.Path, new JsonObject { ["spec"] = new JsonObject { ["tolerations"] = tolerations } }) };
    }

    /// <summary>The taint of a pool.</summary>
    public NodeTaint TaintOf(string pool) => Fleet.PoolTaints.Single(t => t.Value == pool);

    /// <summary>Waits until a pod is bound to a node.</summary>
    /// <returns>The pool of that node.</returns>
    public async Task<string?> PoolOfAsync(SubmittedPod pod)
    {
        pod.Answer.OrThrow();
        var seen = await Poll.UntilAsync($"pod {pod.Name} of tenant \"{pod.Tenant.Name}\" to be bound to a node", () => scenario.Platform.Admin.GetUnrecordedAsync(pod.Path),
            a => a.OrThrow().Body!["spec"]!["nodeName"] is not null, a => a.Body!["status"]!.ToJsonString());
        var node = (string)seen.Body!["spec"]!["nodeName"]!;
        var pool = await Fleet.PoolOfAsync(node);
        scenario.Note("scheduler", $"pod {pod.Name} of tenant \"{pod.Tenant.Name}\" is on node {node} of pool {pool}");
        await scenario.NoteFleetAsync();
        return pool;
    }

    private static Dictionary<string, string> Values(Tenant tenant, string pool) => new() { ["NAMESPACE"] = tenant.Namespace, ["POOL"] = pool };

    // Each annotation is read by a plugin that the cluster may lack, and shows in what becomes of a pod (dry runs).
    private async Task<Assignment> ExpectedAsync(string pool, JsonObject annotations)
    {
        var selects = (await scenario.Platform.CapabilityAsync(CapabilityDetector.NodeSelector)).Present;
        var restricts = (await scenario.Platform.CapabilityAsync(CapabilityDetector.TolerationRestriction)).Present;
        return new(
            selects && annotations.ContainsKey(Annotation + "node-selector") ? pool : null,
            restricts && annotations.ContainsKey(Annotation + "defaultTolerations") ? pool : null,
            restricts && annotations.ContainsKey(Annotation + "tolerationsWhitelist"));
    }

    private static string Awaited(Tenant tenant, Assignment expected) => $"admission to see to the pods of tenant \"{tenant.Name}\" thus: {expected}";

    private async Task<Assignment> LookAsync(Tenant tenant)
    {
        // Both plugins read the namespace twice, to fill in the pod and to judge it. While it changes, they may refuse what they have
        // filled in themselves: 403 for its node selector, 500 for its tolerations.
        var admitted = await factory.TrySentinelAsync(tenant, PodFactory.PlainPod, Placement.AnyRealNode);
        if (admitted.Code is 403 or 500)
            return new(null, null, false, admitted.Verdict);
        var plain = admitted.OrThrow().Body!["spec"]!;
        var stranger = await factory.TrySentinelAsync(tenant, PodFactory.PlainPod, Placement.AnyRealNode,
            pod => pod["spec"]!["tolerations"]!.AsArray().Add(new JsonObject { ["key"] = "security.specs/sentinel", ["operator"] = "Exists" }));
        return new(
            (string?)plain["nodeSelector"]?[GpuFleet.PoolLabel],
            (string?)plain["tolerations"]!.AsArray().FirstOrDefault(t => (string?)t!["key"] == GpuFleet.PoolLabel)?["value"],
            !stranger.Allowed);
    }

    // What admission makes of a tenant's pods: the pool that it writes into them, and whether it refuses other tolerations; or that it
    // refuses even a pod that asks for nothing.
    private sealed record Assignment(string? Selector, string? Toleration, bool RefusesOthers, string? Refusal = null)
    {
        public override string ToString() => Refusal is not null ? $"a plain pod {Refusal}"
            : $"node selector {Selector ?? "none"}, toleration added {Toleration ?? "none"}, a pod that tolerates other taints {(RefusesOthers ? "refused" : "admitted")}";
    }
}
