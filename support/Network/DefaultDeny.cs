namespace SecuritySpecs.Network;

/// <summary>
/// Whether namespaces are closed by default, by asking what the policies say about a pod that does not exist yet: one without any label, which
/// nobody has thought of. No policy of a certain name or shape will do.
/// </summary>
public sealed class DefaultDeny
{
    // No name that a namespace can have.
    private const string Elsewhere = "ELSEWHERE";
    private static readonly Dictionary<string, string> NoLabels = [];
    private static readonly NetworkPeer Stranger = new(IPAddress.Parse("192.0.2.2"), Elsewhere, "stranger", NoLabels, []);
    private static readonly NetworkPeer[] Strangers = [NetworkPeer.Outside("198.51.100.1"), Stranger];
    private readonly PolicyOracle _oracle;

    /// <summary>Reads a configuration.</summary>
    /// <param name="namespaces">The labels of each namespace.</param>
    /// <param name="policies">All NetworkPolicies.</param>
    public DefaultDeny(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> namespaces, IEnumerable<JsonNode> policies) =>
        _oracle = new(new Dictionary<string, IReadOnlyDictionary<string, string>>(namespaces) { [Elsewhere] = NoLabels }, policies);

    /// <summary>Whether a stranger, in the cluster or outside, reaches such a pod by any port.</summary>
    public bool LetsIn(string @namespace) => Strangers.Any(s => _oracle.LetsSomeIn(s, NewPod(@namespace)));

    /// <summary>Whether such a pod reaches a stranger by any port.</summary>
    public bool LetsOut(string @namespace) => Strangers.Any(s => _oracle.LetsSomeOut(NewPod(@namespace), s));

    /// <summary>Whether such a pod reaches an address outside the cluster by a TCP port.</summary>
    public bool LetsOut(string @namespace, string address, int port) => _oracle.LetsOut(NewPod(@namespace), NetworkPeer.Outside(address), "TCP", port);

    /// <summary>Whether a pod that is there reaches an address outside the cluster by a TCP port.</summary>
    public bool LetsOut(NetworkPeer pod, string address, int port) => _oracle.LetsOut(pod, NetworkPeer.Outside(address), "TCP", port);

    /// <summary>Whether a stranger in the cluster reaches a pod that is there by a TCP port.</summary>
    public bool LetsIn(NetworkPeer pod, int port) => _oracle.LetsIn(Stranger, pod, "TCP", port);

    private static NetworkPeer NewPod(string @namespace) => new(IPAddress.Parse("192.0.2.1"), @namespace, "newcomer", NoLabels, []);
}
