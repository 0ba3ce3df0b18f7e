namespace SecuritySpecs.Network.Tests;

/// <summary>A pod that stays while policies and labels change.</summary>
/// <param name="Namespace">Its namespace's number in the group.</param>
/// <param name="Name">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Ports">What it listens on, under the names that it declares: the same names mean other ports in other pods.</param>
internal sealed record GroupPod(int Namespace, string Name, IPAddress Address, IReadOnlyList<NamedPort> Ports);

/// <summary>Some namespaces with pods, for one set of policies at a time.</summary>
/// <param name="Namespaces">Their names.</param>
/// <param name="Pods">All of their pods.</param>
internal sealed record PodGroup(IReadOnlyList<string> Namespaces, IReadOnlyList<GroupPod> Pods)
{
    /// <summary>The names that the pods give to their ports.</summary>
    public static readonly string[] PortNames = ["http", "admin", "datagrams"];

    /// <summary>Every attempt that is looked at: from each pod to each port of each, itself included.</summary>
    public IEnumerable<(GroupPod From, GroupPod To, NamedPort Port)> Attempts =>
        from source in Pods from target in Pods from port in target.Ports select (source, target, port);

    /// <summary>The two ways in which pods name their ports.</summary>
    public static IReadOnlyList<NamedPort> PortsOf(int pod) => pod % 2 == 0
        ? [new("http", "TCP", 8080), new("admin", "TCP", 8081), new("datagrams", "UDP", 8080)]
        : [new("http", "TCP", 8081), new("admin", "TCP", 8080), new("datagrams", "UDP", 8080)];
}
