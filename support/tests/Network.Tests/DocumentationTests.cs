using SecuritySpecs.Kube.Manifests;

namespace SecuritySpecs.Network.Tests;

/// <summary>
/// The oracle says of the examples of the Kubernetes documentation's page "Network Policies" what the page says of them. Pods are
/// written NAMESPACE/LABEL=VALUE, and their addresses are made up; what is no pod is written as an address.
/// </summary>
[TestFixture]
public sealed class DocumentationTests
{
    private static readonly Dictionary<string, IReadOnlyDictionary<string, string>> Namespaces = new()
    {
        ["default"] = Labels("kubernetes.io/metadata.name=default"),
        ["myproject"] = Labels("project=myproject"),
        ["alice"] = Labels("user=alice"),
        ["frontend"] = Labels("namespace=frontend"),
        ["backend"] = Labels("namespace=backend"),
        ["other"] = Labels("project=other"),
    };

    private const string Resource = """
        metadata: {name: test-network-policy, namespace: default}
        spec:
          podSelector: {matchLabels: {role: db}}
          policyTypes: [Ingress, Egress]
          ingress:
            - from:
                - ipBlock: {cidr: 172.17.0.0/16, except: [172.17.1.0/24]}
                - namespaceSelector: {matchLabels: {project: myproject}}
                - podSelector: {matchLabels: {role: frontend}}
              ports:
                - {protocol: TCP, port: 6379}
          egress:
            - to:
                - ipBlock: {cidr: 10.0.0.0/24}
              ports:
                - {protocol: TCP, port: 5978}
        """;

    // The NetworkPolicy resource.
    [TestCase("default/role=frontend", "default/role=db", "TCP", 6379, true)]
    [TestCase("default/role=other", "default/role=db", "TCP", 6379, false)]
    [TestCase("other/role=frontend", "default/role=db", "TCP", 6379, false, TestName = "A podSelector alone is about the policy's own namespace")]
    [TestCase("myproject/role=any", "default/role=db", "TCP", 6379, true)]
    [TestCase("172.17.0.5", "default/role=db", "TCP", 6379, true)]
    [TestCase("172.17.1.5", "default/role=db", "TCP", 6379, false, TestName = "What is excepted is not in the block")]
    [TestCase("172.17.2.0", "default/role=db", "TCP", 6379, true)]
    [TestCase("172.18.0.1", "default/role=db", "TCP", 6379, false)]
    [TestCase("default/role=frontend", "default/role=db", "TCP", 6380, false)]
    [TestCase("default/role=frontend", "default/role=db", "UDP", 6379, false)]
    [TestCase("default/role=db", "10.0.0.7", "TCP", 5978, true)]
    [TestCase("default/role=db", "10.0.0.7", "TCP", 80, false)]
    [TestCase("default/role=db", "10.0.1.7", "TCP", 5978, false)]
    [TestCase("default/role=db", "default/role=db", "TCP", 1, true, TestName = "A pod cannot block access to itself")]
    [TestCase("172.18.0.1", "default/role=other", "TCP", 1, true, TestName = "A pod that no policy selects is not isolated")]
    [TestCase("myproject/role=any", "other/role=db", "TCP", 1, true, TestName = "A policy is about its own namespace")]
    public void The_NetworkPolicy_resource(string from, string to, string protocol, int port, bool allowed) => Judge(Resource, from, to, protocol, port).Should().Be(allowed);

    // "Behavior of to and from selectors".
    [TestCase(true, "alice/role=client", true)]
    [TestCase(true, "alice/role=other", false)]
    [TestCase(true, "default/role=client", false)]
    [TestCase(true, "other/role=client", false)]
    [TestCase(false, "alice/role=client", true)]
    [TestCase(false, "alice/role=other", true)]
    [TestCase(false, "default/role=client", true)]
    [TestCase(false, "other/role=client", false)]
    public void One_item_with_both_selectors_means_both_and_two_items_mean_either(bool oneItem, string from, bool allowed) => Judge($$"""
        metadata: {name: selectors, namespace: default}
        spec:
          podSelector: {}
          ingress:
            - from:
                - namespaceSelector: {matchLabels: {user: alice} }
                {{(oneItem ? " " : "-")}} podSelector: {matchLabels: {role: client} }
        """, from, "default/role=any", "TCP", 80).Should().Be(allowed);

    // "Default policies": what each does to traffic into and out of the namespace.
    [TestCase("policyTypes: [Ingress]", false, true, TestName = "Default deny all ingress traffic")]
    [TestCase("ingress: [{}], policyTypes: [Ingress]", true, true, TestName = "Allow all ingress traffic")]
    [TestCase("policyTypes: [Egress]", true, false, TestName = "Default deny all egress traffic")]
    [TestCase("egress: [{}], policyTypes: [Egress]", true, true, TestName = "Allow all egress traffic")]
    [TestCase("policyTypes: [Ingress, Egress]", false, false, TestName = "Default deny all ingress and all egress traffic")]
    [TestCase("ingress: []", false, true, TestName = "Without policyTypes there is always Ingress")]
    [TestCase("egress: []", false, true, TestName = "Without policyTypes and without egress rules there is no Egress")]
    [TestCase("egress: [{ports: [{port: 53, protocol: UDP}]}]", false, false, TestName = "Without policyTypes, with egress rules there is Egress")]
    public void Default_policies(string spec, bool into, bool outOf)
    {
        var policy = $$"""
            metadata: {name: default, namespace: default}
            spec: {podSelector: {}, {{spec}} }
            """;
        Judge(policy, "other/role=any", "default/role=any", "TCP", 80).Should().Be(into);
        Judge(policy, "default/role=any", "other/role=any", "TCP", 80).Should().Be(outOf);
        Judge(policy, "other/role=any", "alice/role=any", "TCP", 80).Should().BeTrue();
    }

    // "Targeting a range of ports".
    [TestCase(31999, false)]
    [TestCase(32000, true)]
    [TestCase(32768, true)]
    [TestCase(32769, false)]
    public void A_range_of_ports(int port, bool allowed) => Judge("""
        metadata: {name: multi-port-egress, namespace: default}
        spec:
          podSelector: {matchLabels: {role: db}}
          policyTypes: [Egress]
          egress:
            - to: [{ipBlock: {cidr: 10.0.0.0/24}}]
              ports: [{protocol: TCP, port: 32000, endPort: 32768}]
        """, "default/role=db", "10.0.0.9", "TCP", port).Should().Be(allowed);

    // "Targeting multiple namespaces by label" and "Targeting a Namespace by its name".
    [TestCase("In, values: [frontend, backend]", "frontend", true)]
    [TestCase("In, values: [frontend, backend]", "backend", true)]
    [TestCase("In, values: [frontend, backend]", "other", false)]
    [TestCase("NotIn, values: [frontend]", "backend", true)]
    [TestCase("NotIn, values: [frontend]", "frontend", false)]
    [TestCase("NotIn, values: [frontend]", "other", true, TestName = "NotIn is met by who has no such label")]
    [TestCase("Exists", "frontend", true)]
    [TestCase("Exists", "other", false)]
    [TestCase("DoesNotExist", "frontend", false)]
    [TestCase("DoesNotExist", "other", true)]
    public void Several_namespaces(string @operator, string to, bool allowed) => Judge($$"""
        metadata: {name: egress-namespaces, namespace: default}
        spec:
          podSelector: {}
          policyTypes: [Egress]
          egress:
            - to: [{namespaceSelector: {matchExpressions: [{key: namespace, operator: {{@operator}} } ]} }]
        """, "default/role=any", $"{to}/role=any", "TCP", 80).Should().Be(allowed);

    // A name is what the destination calls its port, whatever the direction of the rule.
    [TestCase("Ingress", "ingress", "TCP", 8080, true)]
    [TestCase("Ingress", "ingress", "TCP", 8081, false)]
    [TestCase("Egress", "egress", "TCP", 8080, true)]
    [TestCase("Egress", "egress", "TCP", 8081, false)]
    [TestCase("Egress", "egress", "UDP", 8080, false)]
    public void A_port_by_name(string type, string rules, string protocol, int port, bool allowed) => Judge($$"""
        metadata: {name: named, namespace: {{(type == "Ingress" ? "other" : "default")}}}
        spec: {podSelector: {}, policyTypes: [{{type}}], {{rules}}: [{ports: [{port: http}]}]}
        """, "default/role=any", "other/role=any", protocol, port).Should().Be(allowed);

    [Test]
    public void Policies_add_up_and_both_sides_must_agree()
    {
        const string Deny = """
            metadata: {name: deny, namespace: default}
            spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
            """;
        const string LetIn = """
            metadata: {name: let-in, namespace: default}
            spec: {podSelector: {matchLabels: {role: db}}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}, {protocol: UDP}]}]}
            """;
        const string LetOut = """
            metadata: {name: let-out, namespace: default}
            spec: {podSelector: {matchLabels: {role: client}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {role: db}}}]}]}
            """;
        Judge([Deny], "default/role=client", "default/role=db", "TCP", 80).Should().BeFalse();
        Judge([Deny, LetIn], "default/role=client", "default/role=db", "TCP", 80).Should().BeFalse("nobody lets it out");
        Judge([Deny, LetOut], "default/role=client", "default/role=db", "TCP", 80).Should().BeFalse("nobody lets it in");
        Judge([Deny, LetOut, LetIn], "default/role=client", "default/role=db", "TCP", 80).Should().BeTrue();
        Judge([Deny, LetOut, LetIn], "default/role=client", "default/role=db", "UDP", 53).Should().BeTrue("a protocol without a port is all of its ports");
        Judge([Deny, LetOut, LetIn], "default/role=client", "default/role=db", "TCP", 81).Should().BeFalse();
        Judge([Deny, LetOut, LetIn], "default/role=db", "default/role=client", "TCP", 80).Should().BeFalse();
    }

    [TestCase("10.0.0.0/8", "10.255.0.1", true)]
    [TestCase("10.0.0.77/30", "10.0.0.79", true, TestName = "What a block has beyond its bits is of no account")]
    [TestCase("10.0.0.77/30", "10.0.0.80", false)]
    [TestCase("0.0.0.0/0", "192.0.2.1", true)]
    [TestCase("0.0.0.0/0", "2001:db8::1", false, TestName = "A block is of one family of addresses")]
    [TestCase("2001:db8::/32", "2001:db8:1::1", true)]
    [TestCase("192.0.2.1/32", "192.0.2.1", true)]
    public void Blocks_of_addresses(string block, string address, bool allowed) => Judge($$"""
        metadata: {name: block, namespace: default}
        spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "{{block}}"} }]}]}
        """, "default/role=any", address, "TCP", 443).Should().Be(allowed);

    private static bool Judge(string policy, string from, string to, string protocol, int port) => Judge([policy], from, to, protocol, port);

    private static bool Judge(string[] policies, string from, string to, string protocol, int port) =>
        new PolicyOracle(Namespaces, policies.Select(p => Manifest.Parse("policy", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n" + p).Objects[0]))
            .Allows(Peer(from, 1), Peer(to, from == to ? 1 : 2), protocol, port);

    private static NetworkPeer Peer(string text, int number)
    {
        if (IPAddress.TryParse(text, out _))
            return NetworkPeer.Outside(text);
        var parts = text.Split('/');
        var address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.42.0.{number}"));
        return new(address, parts[0], parts[1], Labels(parts[1]), [new("http", "TCP", 8080), new("admin", "TCP", 8081)]);
    }

    private static Dictionary<string, string> Labels(string label) => new() { [label.Split('=')[0]] = label.Split('=')[1] };
}
