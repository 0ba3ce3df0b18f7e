using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Steps.Shared;

/// <summary>A pod that a tenant asks for.</summary>
/// <param name="Gpus">How many GPUs it asks for.</param>
/// <param name="PriorityClass">Its PriorityClass; null for none.</param>
/// <param name="Trait">What is unusual about it; null for nothing.</param>
/// <param name="Place">One of the places below; empty for one that no node has, where only the verdict of the API counts.</param>
public sealed partial record PodRequest(int Gpus, string? PriorityClass, PodTrait? Trait, string Place)
{
    /// <summary>Any node of the fleet, reserved pools included.</summary>
    public const string WholeFleet = " to the whole fleet";

    /// <summary>The node on which pods run.</summary>
    public const string SameNode = " on the same node";

    /// <summary>Any node of the fleet, but for what the taints of pools keep away.</summary>
    public const string Pools = " to the pools of the fleet";

    /// <summary>All GPUs of a node that another tenant has taken.</summary>
    public const string TakenNode = " for all GPUs of that node";

    /// <summary>A node that exists in the API only, where what a pod's status says stays.</summary>
    public const string NoKubelet = " to a node without a kubelet";

    private const string Places = NoKubelet + "|" + WholeFleet + "|" + SameNode + "|" + Pools + "|" + TakenNode;

    /// <summary>Every such pod, as a regular expression.</summary>
    public const string Forms = "a pod(?: with \\d+ GPUs?| without a GPU)?(?: of PriorityClass \"[^\"]+\")?"
        + "(?: that (?:" + PodTrait.Phrases + "))?(?:" + Places + ")?";

    /// <summary>The pod in a step's words.</summary>
    public static PodRequest Of(string words)
    {
        var parts = Parts().Match(words).Groups;
        return new(
            parts["gpus"].Success ? int.Parse(parts["gpus"].Value, CultureInfo.InvariantCulture) : 0,
            parts["class"].Success ? parts["class"].Value : null,
            parts["trait"].Success ? PodTrait.Of(parts["trait"].Value) : null,
            parts["place"].Value);
    }

    [GeneratedRegex("^a pod(?: with (?<gpus>\\d+) GPUs?| without a GPU)?(?: of PriorityClass \"(?<class>[^\"]+)\")?"
        + "(?: that (?<trait>.+?))?(?<place>" + Places + ")?$")]
    private static partial Regex Parts();
}
