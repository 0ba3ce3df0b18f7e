
namespace SecuritySpecs.Drivers.Shared.Refusals;

/// <content>What keeps GPUs from pods, but for the GPU quota and the GPU policy (PodRefusal.cs); the words are the same on Kubernetes 1.20 and 1.36.</content>
public sealed partial record PodRefusal
{
    private const string QuotaPhrases = "the compute quota|the compute quota, for it names no limits|the affinity quota|the device quota|the priority quota|the object quota";
    private const string LimitPhrases = "the limit of a container|the limit of a pod|the limit of a pod, for it names no GPUs"
        + "|the rule that GPUs are whole|the rule that GPUs have a limit|the rule that a GPU's request is its limit";
    private const string PoolPhrases = "PodNodeSelector|PodTolerationRestriction";

    private static IEnumerable<PodRefusal> OfQuotas =>
    [
        new("the compute quota", 403, "exceeded quota: compute-quota, requested: "),
        new("the compute quota, for it names no limits", 403, "failed quota: compute-quota: must specify limits.cpu"),
        new("the device quota", 403, "exceeded quota: device-quota, requested: "),
        new("the affinity quota", 403, "exceeded quota: affinity-quota, requested: pods=1"),
        new("the priority quota", 403, "exceeded quota: priority-quota, requested: pods="),
        new("the object quota", 403, "exceeded quota: object-quota, requested: "),
    ];

    private static IEnumerable<PodRefusal> OfLimits =>
    [
        new("the limit of a container", 403, "maximum nvidia.com/gpu usage per Container is 4, but limit is "),
        new("the limit of a pod", 403, "maximum nvidia.com/gpu usage per Pod is 4, but limit is "),
        new("the limit of a pod, for it names no GPUs", 403, "maximum nvidia.com/gpu usage per Pod is 4.  No limit is specified"),
        new("the rule that GPUs are whole", 422, "must be an integer"),
        new("the rule that GPUs have a limit", 422, "Limit must be set for non overcommitable resources"),
        new("the rule that a GPU's request is its limit", 422, "must be equal to nvidia.com/gpu limit"),
    ];

    private static IEnumerable<PodRefusal> OfPools =>
    [
        new("PodNodeSelector", 403, "pod node label selector conflicts with its namespace node label selector"),
        new("PodTolerationRestriction", 500, "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist"),
    ];
}
