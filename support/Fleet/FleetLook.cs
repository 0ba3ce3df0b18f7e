namespace SecuritySpecs.Fleet;

/// <summary>Reads who holds which GPUs out of the objects of the API server.</summary>
public static class FleetLook
{
    /// <summary>Nodes as the objects of the API server say.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="pods">The pods of all namespaces.</param>
    /// <param name="resource">The resource that stands for one GPU.</param>
    /// <param name="real">The names of those that have a kubelet.</param>
    /// <param name="who">Whose pods a namespace holds, in words.</param>
    public static IReadOnlyList<FleetNode> Of(IEnumerable<JsonNode> nodes, IEnumerable<JsonNode> pods, string resource, IReadOnlyCollection<string> real, Func<string, string> who)
    {
        var bound = pods.Where(p => (string?)p["status"]?["phase"] is not ("Succeeded" or "Failed") && PodDriver.GpusOf(p) > 0).ToLookup(p => (string?)p["spec"]!["nodeName"]);
        return [.. nodes.Select(n => Of(n, bound[(string)n["metadata"]!["name"]!], resource, real, who)).OrderBy(n => n.Pool, StringComparer.Ordinal).ThenBy(n => n.Name, StringComparer.Ordinal)];
    }

    private static FleetNode Of(JsonNode node, IEnumerable<JsonNode> pods, string resource, IReadOnlyCollection<string> real, Func<string, string> who)
    {
        var name = (string)node["metadata"]!["name"]!;
        var labels = GpuFleet.GpuLabels.Where(l => node["metadata"]!["labels"]?[l] is not null).ToDictionary(l => l, l => (string)node["metadata"]!["labels"]![l]!);
        return new(name, labels.GetValueOrDefault(GpuFleet.PoolLabel), real.Contains(name), GpuQuotas.Capacity(node, resource), GpuQuotas.Allocatable(node, resource),
            [.. pods.GroupBy(p => who((string)p["metadata"]!["namespace"]!), (w, p) => new GpuHolder(w, p.Sum(PodDriver.GpusOf))).OrderBy(h => h.Who, StringComparer.Ordinal)],
            labels, [.. (node["spec"]!["taints"]?.AsArray() ?? []).Select(t => $"{t!["key"]}={t["value"]}:{t["effect"]}")]);
    }
}
