namespace SecuritySpecs.NetworkAgent.Compile;

/// <summary>What is known of the cluster at one moment.</summary>
/// <param name="Node">The node whose pods the rules are for.</param>
/// <param name="Pods">All pods, each with the addresses that count as its own.</param>
internal sealed record ClusterView(string Node, IReadOnlyCollection<Space> Namespaces, IReadOnlyCollection<Pod> Pods, IReadOnlyCollection<NetworkPolicy> Policies);
