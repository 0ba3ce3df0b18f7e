namespace SecuritySpecs.Network;

/// <summary>A port that a container declares under a name, which policies may use in place of the number.</summary>
/// <param name="Name">The name.</param>
/// <param name="Protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
/// <param name="Number">1 to 65535.</param>
public sealed record NamedPort(string Name, string Protocol, int Number);

/// <summary>One end of a connection: a pod, or an address outside of the cluster.</summary>
/// <param name="Address">Its IP address.</param>
/// <param name="Namespace">The pod's namespace; empty where it is no pod.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="Labels">The pod's labels.</param>
/// <param name="Ports">The ports that the pod has given names to.</param>
public sealed record NetworkPeer(IPAddress Address, string Namespace, string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<NamedPort> Ports)
{
    /// <summary>An address that is no pod's.</summary>
    public static NetworkPeer Outside(string address) => new(IPAddress.Parse(address), "", "", new Dictionary<string, string>(), []);

    /// <summary>A pod that has an address of its own, as the API server holds it.</summary>
    public static NetworkPeer OfPod(JsonNode pod)
    {
        var metadata = pod["metadata"]!;
        return new(IPAddress.Parse((string)pod["status"]!["podIP"]!), (string)metadata["namespace"]!, (string)metadata["name"]!,
            (metadata["labels"]?.AsObject() ?? []).ToDictionary(l => l.Key, l => (string)l.Value!), [.. PortsOf(pod["spec"]!["containers"]!.AsArray())]);
    }

    // Those without a name are no policy's to name.
    private static IEnumerable<NamedPort> PortsOf(JsonArray containers) => containers.SelectMany(c => c!["ports"]?.AsArray() ?? [])
        .Select(p => new NamedPort((string?)p!["name"] ?? "", (string?)p["protocol"] ?? "TCP", (int)p["containerPort"]!));

    /// <summary>Whether it is a pod.</summary>
    public bool IsPod => Namespace.Length > 0;
}

/// <summary>
/// Says who may reach whom, from the NetworkPolicies and labels alone: NetworkPolicy v1 as the Kubernetes documentation
/// ("Network Policies") and the API reference define it, and nothing of any program that enforces it. Not its subject: what the
/// documentation leaves to the enforcer, that is pods on their node's network, and what the node itself sends, which it lets pass.
/// </summary>
public sealed class PolicyOracle
{
    private readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> _namespaces;
    private readonly ILookup<string, Policy> _policies;

    /// <summary>Reads a configuration.</summary>
    /// <param name="namespaces">The labels of each namespace.</param>
    /// <param name="policies">All NetworkPolicies, as the API server holds them or as an author wrote them.</param>
    public PolicyOracle(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> namespaces, IEnumerable<JsonNode> policies) =>
        (_namespaces, _policies) = (namespaces, policies.Select(p => new Policy(p)).ToLookup(p => p.Namespace));

    /// <summary>Whether a connection may be made: the one side must let it out and the other side let it in.</summary>
    /// <param name="from">Who connects.</param>
    /// <param name="to">To whom.</param>
    /// <param name="protocol"><c>TCP</c>, <c>UDP</c> or <c>SCTP</c>.</param>
    /// <param name="port">The port of the destination, behind every Service.</param>
    public bool Allows(NetworkPeer from, NetworkPeer to, string protocol, int port) =>
        LetsOut(from, to, protocol, port) && LetsIn(from, to, protocol, port);

    /// <summary>Whether the policies about a pod let it make a connection.</summary>
    public bool LetsOut(NetworkPeer from, NetworkPeer to, string protocol, int port) =>
        Permits(from, to, "Egress", "egress", "to", p => IsPort(p, to, protocol, port));

    /// <summary>Whether the policies about a pod let a connection in.</summary>
    public bool LetsIn(NetworkPeer from, NetworkPeer to, string protocol, int port) =>
        Permits(to, from, "Ingress", "ingress", "from", p => IsPort(p, to, protocol, port));

    /// <summary>Whether the policies about a pod let any connection in, by whatever port.</summary>
    public bool LetsSomeIn(NetworkPeer from, NetworkPeer to) => Permits(to, from, "Ingress", "ingress", "from", _ => true);

    /// <summary>Whether the policies about a pod let it make any connection, by whatever port.</summary>
    public bool LetsSomeOut(NetworkPeer from, NetworkPeer to) => Permits(from, to, "Egress", "egress", "to", _ => true);

    // "A Pod cannot block access to itself."
    private static bool IsItself(NetworkPeer from, NetworkPeer to) => from.IsPod && from.Namespace == to.Namespace && from.Name == to.Name;

    // A pod is isolated in a direction as soon as one policy of that direction selects it; then any one rule of any such policy
    // is enough. There is no order, and no rule that denies.
    private bool Permits(NetworkPeer subject, NetworkPeer other, string type, string rules, string peers, Predicate<JsonNode> isPort)
    {
        if (!subject.IsPod || IsItself(subject, other))
            return true;
        var concerned = _policies[subject.Namespace].Where(p => p.Types.Contains(type) && p.Selects(subject)).ToList();
        return concerned.Count == 0 || concerned.Exists(policy => policy.Rules(rules).Any(rule =>
            (Some(rule["ports"]) is not { } ports || ports.Any(p => isPort(p)))
            && (Some(rule[peers]) is not { } items || items.Any(item => IsPeer(policy, item, other)))));
    }

    // Missing and empty mean the same: no restriction.
    private static IEnumerable<JsonNode>? Some(JsonNode? list) => list is JsonArray { Count: > 0 } array ? array.Select(i => i!) : null;

    private bool IsPeer(Policy policy, JsonNode item, NetworkPeer other)
    {
        if (item["ipBlock"] is { } block)
            return IsIn(block, other.Address);
        if (!other.IsPod)
            return false;
        var inPlace = item["namespaceSelector"] is { } spaces
            ? new LabelSelector(spaces).Matches(_namespaces[other.Namespace])
            : other.Namespace == policy.Namespace;
        return inPlace && (item["podSelector"] is not { } pods || new LabelSelector(pods).Matches(other.Labels));
    }

    private static bool IsIn(JsonNode block, IPAddress address) => new AddressBlock((string)block["cidr"]!).Contains(address)
        && !(block["except"]?.AsArray() ?? []).Any(e => new AddressBlock((string)e!).Contains(address));

    private static bool IsPort(JsonNode item, NetworkPeer destination, string protocol, int port)
    {
        if (((string?)item["protocol"] ?? "TCP") != protocol)
            return false;
        if (item["port"] is not { } wanted)
            return true;
        if (wanted.GetValueKind() == JsonValueKind.String)
            return destination.Ports.Any(p => p.Name == (string)wanted! && p.Protocol == protocol && p.Number == port);
        return port >= Number(wanted) && port <= Number(item["endPort"] ?? wanted);
    }

    private static int Number(JsonNode node) => int.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private sealed class Policy
    {
        private readonly JsonNode _spec;
        private readonly LabelSelector _pods;

        public Policy(JsonNode policy)
        {
            Namespace = (string)policy["metadata"]!["namespace"]!;
            _spec = policy["spec"]!;
            _pods = new(_spec["podSelector"] ?? new JsonObject());
            Types = Some(_spec["policyTypes"])?.Select(t => (string)t!).ToHashSet() ?? (Rules("egress").Any() ? ["Ingress", "Egress"] : ["Ingress"]);
        }

        public string Namespace { get; }

        public HashSet<string> Types { get; }

        public bool Selects(NetworkPeer pod) => _pods.Matches(pod.Labels);

        public IEnumerable<JsonNode> Rules(string direction) => Some(_spec[direction]) ?? [];
    }
}
