namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in Services.</summary>
internal static class ServiceMistakes
{
    private static readonly string[] Kinds = ["Service"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("node-port", Kinds, "Opens a port of every node.", "To look at it from a laptop. HAMi's charts ship NodePorts.", o => [Change.Set(Spec(o), "type", "NodePort")]),
        new("load-balancer", Kinds, "Has the cloud open a port to the world.", "The tutorial does so.", o => [Change.Set(Spec(o), "type", "LoadBalancer")]),
        new("external-address", Kinds, "Claims an address outside of the cluster.", "An old address has to go on working. CVE-2020-8554: who may write it takes others' traffic.",
            o => [Change.Set(Spec(o), "externalIPs", new JsonArray("198.51.100.10"))]),
        new("drop-service-selector", Kinds, "Takes a label out of a Service's selector that has several.", "One label says enough. The pods of a second instance are then reached, too.",
            o => Spec(o)["selector"] is JsonObject { Count: > 1 } labels ? labels.Values().Select(Change.Drop) : []),
    ];

    private static JsonObject Spec(JsonObject o) => o["spec"]!.AsObject();
}
