using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods that reach for a pool of GPU nodes. The reserved pool is h100, as fleet.yaml has it.</content>
public sealed partial record PodTrait
{
    private const string PoolPhrases = "names no pool|wants the nodes of the h100 pool|tolerates the taint of the h100 pool|tolerates every taint|selects the nodes of the h100 pool";
    private const string Reserved = "h100";

    private static IEnumerable<PodTrait> OfPools =>
    [
        new("names no pool", _ => { }, PodFactory.GpuPod),
        new("wants the nodes of the h100 pool", Want, PodFactory.GpuPod),
        // Each also says where it wants to go, or any other node would do.
        new("tolerates the taint of the h100 pool", pod => { Want(pod); Tolerate(pod, new NodeTaint(GpuFleet.PoolLabel, Reserved, "NoSchedule").ToJson()); }, PodFactory.GpuPod),
        new("tolerates every taint", pod => { Want(pod); Tolerate(pod, new() { ["operator"] = "Exists" }); }, PodFactory.GpuPod),
        new("selects the nodes of the h100 pool", pod => { Select(pod); Tolerate(pod, new NodeTaint(GpuFleet.PoolLabel, Reserved, "NoSchedule").ToJson()); }, PodFactory.GpuPod),
    ];

    private static void Select(JsonObject pod) => Spec(pod)["nodeSelector"] = new JsonObject { [GpuFleet.PoolLabel] = Reserved };

    private static void Tolerate(JsonObject pod, JsonObject toleration) => Spec(pod)["tolerations"]!.AsArray().Add(toleration);

    // By affinity, of which PodNodeSelector knows nothing.
    private static void Want(JsonObject pod) => Spec(pod)["affinity"] = new JsonObject
    {
        ["nodeAffinity"] = new JsonObject
        {
            ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
            {
                ["nodeSelectorTerms"] = new JsonArray(new JsonObject
                {
                    ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = GpuFleet.PoolLabel, ["operator"] = "In", ["values"] = new JsonArray(Reserved) }),
                }),
            },
        },
    };
}
