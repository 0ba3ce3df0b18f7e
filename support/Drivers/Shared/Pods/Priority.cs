
namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods that claim to matter more than others.</content>
public sealed partial record PodTrait
{
    private const string PriorityPhrases = "calls itself critical to the cluster";

    private static IEnumerable<PodTrait> OfPriority =>
    [
        new("calls itself critical to the cluster", pod => Spec(pod)["priorityClassName"] = "system-cluster-critical"),
    ];
}
