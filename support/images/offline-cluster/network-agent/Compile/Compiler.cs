namespace SecuritySpecs.NetworkAgent.Compile;

/// <summary>
/// Works out the rules of a node from what is known of the cluster: for each of its pods that a policy selects, in each
/// direction that the policy is about, what the policies let through, and a drop for the rest. Ingress is judged at the
/// receiving pod's node, egress at the sending pod's.
/// </summary>
internal sealed class Compiler
{
    private readonly ClusterView _view;
    private readonly Peers _peers;
    private readonly Ruleset _rules = new();
    private readonly Dictionary<(NetworkPolicy Policy, string NamedPorts), string> _ingressChains = [];
    private readonly Dictionary<NetworkPolicy, string> _egressChains = new(ReferenceEqualityComparer.Instance);

    private Compiler(ClusterView view)
    {
        _view = view;
        _peers = new Peers(view);
    }

    public static Ruleset Compile(ClusterView view) => new Compiler(view).Run();

    private Ruleset Run()
    {
        var policies = _view.Policies.ToLookup(p => p.Namespace);
        foreach (var pod in _view.Pods.Where(p => p.Node == _view.Node && Peers.HasNetwork(p)))
            Fence(pod, [.. policies[pod.Namespace].Where(p => p.PodSelector.Selects(pod.Labels))]);
        return _rules;
    }

    private void Fence(Pod pod, List<NetworkPolicy> policies)
    {
        var ingress = policies.Where(p => p.Ingress is not null).Select(p => IngressChain(p, pod)).ToList();
        var egress = policies.Where(p => p.Egress is not null).Select(EgressChain).ToList();
        foreach (var address in pod.Addresses.Select(AddressSet.Text))
        {
            if (ingress.Count > 0)
                _rules.JudgeIngress(address, Profile(ingress));
            if (egress.Count > 0)
                _rules.JudgeEgress(address, Profile(egress));
        }
    }

    private string Profile(IEnumerable<string> chains) =>
        _rules.AddProfile(string.Concat(chains.Where(c => c.Length > 0).Distinct().Order(StringComparer.Ordinal).Select(c => $"jump {c}\n")) + "drop\n");

    // A port's name is resolved in the receiving pod, so that one policy may mean different numbers for its pods.
    private string IngressChain(NetworkPolicy policy, Pod pod)
    {
        var named = policy.Ingress!.SelectMany(r => r.Ports ?? []).Where(p => p.Name is not null).Select(p => pod.Port(p.Name!, p.Protocol));
        var key = (policy, string.Join(',', named));
        if (!_ingressChains.TryGetValue(key, out var chain))
            _ingressChains[key] = chain = Chain(policy.Ingress!.SelectMany(rule => IngressRules(policy, rule, pod)));
        return chain;
    }

    private string EgressChain(NetworkPolicy policy)
    {
        if (!_egressChains.TryGetValue(policy, out var chain))
            _egressChains[policy] = chain = Chain(policy.Egress!.SelectMany(rule => EgressRules(policy, rule)));
        return chain;
    }

    // Empty for a policy that lets nothing through.
    private string Chain(IEnumerable<string> rules) => string.Concat(rules.Select(r => r + "\n")) is { Length: > 0 } text ? _rules.AddChain(text) : "";

    private IEnumerable<string> IngressRules(NetworkPolicy policy, PolicyRule rule, Pod pod)
    {
        var sources = Match("ip saddr", rule.Peers is null ? null : _peers.Addresses(policy, rule.Peers));
        var ports = rule.Ports?.Select(p => p.Name is null ? p : pod.Port(p.Name, p.Protocol) is { } number ? Numbered(p.Protocol, number) : null).OfType<PolicyPort>();
        return sources is null ? [] : PortMatch.Of(ports).Select(port => $"{sources}{port}accept");
    }

    private IEnumerable<string> EgressRules(NetworkPolicy policy, PolicyRule rule)
    {
        var destinations = Match("ip daddr", rule.Peers is null ? null : _peers.Addresses(policy, rule.Peers));
        var numbers = destinations is null ? [] : PortMatch.Of(rule.Ports?.Where(p => p.Name is null)).Select(port => $"{destinations}{port}accept");
        return numbers.Concat((rule.Ports ?? []).Where(p => p.Name is not null).SelectMany(port => NamedEgressRules(policy, rule, port)));
    }

    // The name is resolved in each pod that the traffic may go to; what is no pod has no names.
    private IEnumerable<string> NamedEgressRules(NetworkPolicy policy, PolicyRule rule, PolicyPort port) =>
        from pod in rule.Peers is null ? _peers.All : _peers.Pods(policy, rule.Peers)
        let number = pod.Port(port.Name!, port.Protocol)
        where number is not null
        group pod by number.Value into destinations
        orderby destinations.Key
        let match = Match("ip daddr", AddressSet.Of(destinations.SelectMany(p => p.Addresses)))
        from ports in PortMatch.Of([Numbered(port.Protocol, destinations.Key)])
        select $"{match}{ports}accept";

    private static PolicyPort Numbered(Protocol protocol, ushort number) => new(protocol, new PortRange(number, number));

    // Empty for everybody, null for nobody.
    private string? Match(string field, AddressSet? addresses) => addresses switch
    {
        null => "",
        { IsEverything: true } => "",
        { IsEmpty: true } => null,
        { Ranges.Count: 1 } => $"{field} {addresses} ",
        _ => $"{field} @{_rules.AddSet($"type ipv4_addr; flags interval; elements = {{ {addresses} }};")} ",
    };
}
