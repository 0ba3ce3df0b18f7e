namespace SecuritySpecs.NetworkAgent.Compile;

/// <summary>Finds the pods and addresses that the peers of a rule mean.</summary>
internal sealed class Peers
{
    private readonly IReadOnlyCollection<Space> _namespaces;
    private readonly ILookup<string, Pod> _pods;

    public Peers(ClusterView view)
    {
        _namespaces = view.Namespaces;
        All = [.. view.Pods.Where(HasNetwork)];
        _pods = All.ToLookup(p => p.Namespace);
    }

    /// <summary>Every pod with a network of its own.</summary>
    public IReadOnlyList<Pod> All { get; }

    /// <summary>Whether a pod's addresses are its own, now.</summary>
    public static bool HasNetwork(Pod pod) => pod is { HostNetwork: false, Finished: false, Addresses.Count: > 0 };

    public AddressSet Addresses(NetworkPolicy policy, IReadOnlyList<Peer> peers) => AddressSet.Of(
        peers.OfType<PodPeer>().SelectMany(p => Selected(policy, p)).SelectMany(p => p.Addresses).Select(a => new AddressRange(a, a))
            .Concat(peers.OfType<BlockPeer>().SelectMany(b => b.Addresses.Ranges)));

    /// <summary>The pods among the peers: those selected, and those whose address is in a block.</summary>
    public IEnumerable<Pod> Pods(NetworkPolicy policy, IReadOnlyList<Peer> peers) =>
        peers.OfType<PodPeer>().SelectMany(p => Selected(policy, p))
            .Concat(peers.OfType<BlockPeer>().SelectMany(b => All.Where(p => p.Addresses.Any(b.Addresses.Contains))))
            .Distinct();

    private IEnumerable<Pod> Selected(NetworkPolicy policy, PodPeer peer) =>
        (peer.Namespaces is null ? [policy.Namespace] : _namespaces.Where(n => peer.Namespaces.Selects(n.Labels)).Select(n => n.Name))
            .SelectMany(n => _pods[n])
            .Where(p => peer.Pods.Selects(p.Labels));
}
