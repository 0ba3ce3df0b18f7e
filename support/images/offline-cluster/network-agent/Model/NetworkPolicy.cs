namespace SecuritySpecs.NetworkAgent.Model;

/// <summary>A NetworkPolicy.</summary>
/// <param name="Ingress">What may come in; null where the policy says nothing of ingress.</param>
/// <param name="Egress">What may go out; null where the policy says nothing of egress.</param>
internal sealed record NetworkPolicy(
    string Namespace,
    string Name,
    LabelSelector PodSelector,
    IReadOnlyList<PolicyRule>? Ingress,
    IReadOnlyList<PolicyRule>? Egress);

/// <summary>Traffic that is let through.</summary>
/// <param name="Peers">The other end, any of these; null for everybody.</param>
/// <param name="Ports">The destination's port, any of these; null for all traffic.</param>
internal sealed record PolicyRule(IReadOnlyList<Peer>? Peers, IReadOnlyList<PolicyPort>? Ports);

/// <summary>Who is at the other end.</summary>
internal abstract record Peer;

/// <summary>Pods that both selectors select.</summary>
/// <param name="Namespaces">Null for the policy's own namespace.</param>
internal sealed record PodPeer(LabelSelector? Namespaces, LabelSelector Pods) : Peer;

/// <summary>A block of addresses, its exceptions already taken out.</summary>
internal sealed record BlockPeer(AddressSet Addresses) : Peer;

/// <summary>Ports of one protocol: a range, a name that the destination's pod resolves, or (neither) all of them.</summary>
internal sealed record PolicyPort(Protocol Protocol, PortRange? Range = null, string? Name = null);

/// <summary>Port numbers from one to another, both included.</summary>
internal readonly record struct PortRange(ushort First, ushort Last)
{
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
