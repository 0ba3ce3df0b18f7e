namespace SecuritySpecs.NetworkAgent.Model;

/// <summary>Layer 4 protocols that a NetworkPolicy can name.</summary>
internal enum Protocol
{
    Tcp,
    Udp,
    Sctp,
}

/// <summary>A container's port that has a name.</summary>
internal sealed record NamedPort(string Name, Protocol Protocol, ushort Number);

/// <summary>What policies need to know of a pod.</summary>
/// <param name="Uid">Tells two pods of one name apart.</param>
/// <param name="Node">Where it is bound; empty while it waits for a node.</param>
/// <param name="HostNetwork">It has its node's addresses: policies neither select it nor let it in as a pod.</param>
/// <param name="Finished">Its processes have ended; its addresses may be another's by now.</param>
/// <param name="Addresses">IPv4 addresses, by its status; for a pod of this node by its network's set-up.</param>
internal sealed record Pod(
    string Namespace,
    string Name,
    string Uid,
    string Node,
    IReadOnlyDictionary<string, string> Labels,
    bool HostNetwork,
    bool Finished,
    IReadOnlyList<uint> Addresses,
    IReadOnlyList<NamedPort> Ports)
{
    /// <summary>The number that a port name has in this pod; null where it has none.</summary>
    public ushort? Port(string name, Protocol protocol) => Ports.FirstOrDefault(p => p.Name == name && p.Protocol == protocol)?.Number;
}

/// <summary>A namespace's name and labels.</summary>
internal sealed record Space(string Name, IReadOnlyDictionary<string, string> Labels);
