namespace SecuritySpecs.Fleet;

/// <summary>What the objects of a cluster say about GPUs, without asking the cluster anything.</summary>
public static class GpuQuotas
{
    /// <summary>The one name under which a quota counts GPUs.</summary>
    public const string Counted = Requests + "nvidia.com/gpu";

    private const string Requests = "requests.";

    /// <summary>The namespaces in which no quota counts every pod's GPUs; sorted.</summary>
    /// <param name="namespaces">The namespaces in question.</param>
    /// <param name="quotas">The ResourceQuotas of all namespaces.</param>
    public static IReadOnlyList<string> NamespacesWithout(IEnumerable<string> namespaces, IEnumerable<JsonNode> quotas)
    {
        var counted = quotas.Where(q => HasKey(q, Counted) && !IsScoped(q)).Select(q => (string)q["metadata"]!["namespace"]!).ToHashSet();
        return [.. namespaces.Where(n => !counted.Contains(n)).Order(StringComparer.Ordinal)];
    }

    /// <summary>GPUs allocatable on a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="resource">The resource that stands for one GPU.</param>
    public static int Allocatable(JsonNode node, string resource) => Status(node, "allocatable", resource);

    /// <summary>GPUs of a node, those that are not healthy included.</summary>
    /// <param name="node">The node.</param>
    /// <param name="resource">The resource that stands for one GPU.</param>
    public static int Capacity(JsonNode node, string resource) => Status(node, "capacity", resource);

    /// <summary>The one name under which a quota counts an extended resource.</summary>
    public static string KeyOf(string resource) => Requests + resource;

    /// <summary>Whether a quota has a key.</summary>
    public static bool HasKey(JsonNode quota, string key) => quota["spec"]!["hard"]?[key] is not null;

    /// <summary>Whether a quota is for some pods only: one with scopes passes the others by.</summary>
    public static bool IsScoped(JsonNode quota) => quota["spec"]!["scopes"] is JsonArray { Count: > 0 } || quota["spec"]!["scopeSelector"] is not null;

    private static int Status(JsonNode node, string amounts, string resource) => int.Parse((string?)node["status"]?[amounts]?[resource] ?? "0", CultureInfo.InvariantCulture);
}
