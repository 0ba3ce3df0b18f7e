namespace SecuritySpecs.Kube;

/// <summary>Which nodes may run a pod.</summary>
public sealed record Placement
{
    private readonly JsonObject? _selector;
    private readonly IReadOnlyList<NodeTaint> _tolerated;

    private Placement(JsonObject? selector, IReadOnlyList<NodeTaint> tolerated) => (_selector, _tolerated) = (selector, tolerated);

    /// <summary>Any real node.</summary>
    public static Placement AnyRealNode { get; } = new(null, []);

    /// <summary>No node: for scenarios about admission alone, whose pods need no GPU to make their point.</summary>
    public static Placement Nowhere { get; } = new(new() { ["security.specs/parked"] = "true" }, []);

    /// <summary>One node.</summary>
    public static Placement On(string node) => new(Host(node), []);

    /// <summary>One node, which exists in the API only.</summary>
    /// <param name="node">The node.</param>
    /// <param name="taint">The taint of such nodes.</param>
    public static Placement OnApiOnly(string node, NodeTaint taint) => new(Host(node), [taint]);

    /// <summary>Any node of the fleet, the run's API-only nodes included, whose pool's taint is among those tolerated.</summary>
    /// <param name="apiOnly">The taint of API-only nodes.</param>
    /// <param name="tolerated">Taints of pools; with none, pools that have one are out of reach.</param>
    public static Placement AnyNode(NodeTaint apiOnly, params IReadOnlyList<NodeTaint> tolerated) => new(null, [apiOnly, .. tolerated]);

    /// <summary>Writes the placement into a pod.</summary>
    public void ApplyTo(JsonObject pod)
    {
        var spec = pod["spec"]!.AsObject();
        if (_selector is not null)
            spec["nodeSelector"] = _selector.DeepClone();
        if (spec["tolerations"] is not JsonArray)
            spec["tolerations"] = new JsonArray();
        foreach (var taint in _tolerated)
            spec["tolerations"]!.AsArray().Add(taint.ToJson());
    }

    private static JsonObject Host(string node) => new() { ["kubernetes.io/hostname"] = node };
}
