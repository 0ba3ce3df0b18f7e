using SecuritySpecs.Evidence;

namespace SecuritySpecs.Cluster;

/// <summary>The cluster that was judged.</summary>
/// <param name="Source"><c>k3s</c> (a container of this run's), <c>kept</c> (an earlier run's container) or <c>kubeconfig</c>.</param>
/// <param name="Name">The image that was started, or the kubeconfig context.</param>
/// <param name="Version">The API server's <c>gitVersion</c>.</param>
/// <param name="Nodes">Number of nodes, API-only ones included.</param>
/// <param name="Capabilities">What the cluster can do, and how that was found out.</param>
public sealed record ClusterInfo(string Source, string Name, string Version, int Nodes, IReadOnlyList<CapabilityInfo> Capabilities)
{
    /// <summary>The same without secrets: how a capability was detected may be told in the words of a server.</summary>
    public ClusterInfo Redacted(Redactor redactor) => this with { Capabilities = [.. Capabilities.Select(c => c with { How = redactor.Redact(c.How)! })] };
}

/// <summary>Something that a cluster can or cannot do.</summary>
/// <param name="Name">As in <c>@needs:NAME</c> and <c>--require NAME</c>.</param>
/// <param name="Present">Whether this cluster has it.</param>
/// <param name="How">How it was detected, with what was seen.</param>
public sealed record CapabilityInfo(string Name, bool Present, string How);
