namespace SecuritySpecs.Fleet;

/// <summary>What the objects of a cluster say about GPUs, without asking the cluster anything.</summary>
public static class GpuQuotas
{
    /// <summary>The one name under which a quota counts GPUs.</summary>
    public const string Counted = "requests.nvidia.com/gpu";

    /// <summary>The namespaces in which no quota counts every pod's GPUs; sorted.</summary>
    /// <param name="namespaces">The namespaces in question.</param>
    /// <param name="quotas">The ResourceQuotas of all namespaces.</param>
    public static IReadOnlyList<string> NamespacesWithout(IEnumerable<string> namespaces, IEnumerable<JsonNode> quotas)
    {
        var counted = quotas.Where(CountsGpus).Select(q => (string)q["metadata"]!["namespace"]!).ToHashSet();
        return [.. namespaces.Where(n => !counted.Contains(n)).Order(StringComparer.Ordinal)];
    }

    /// <summary>GPUs allocatable on a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="resource">The resource that stands for one GPU.</param>
    public static int Allocatable(JsonNode node, string resource) => int.Parse((string?)node["status"]?["allocatable"]?[resource] ?? "0", CultureInfo.InvariantCulture);

    // Under its one effective name, and for all pods: a quota with scopes passes some by.
    private static bool CountsGpus(JsonNode quota) =>
        quota["spec"]!["hard"]?[Counted] is not null && quota["spec"]!["scopes"] is null && quota["spec"]!["scopeSelector"] is null;
}
