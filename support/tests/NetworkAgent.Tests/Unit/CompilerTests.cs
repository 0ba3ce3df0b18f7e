using static SecuritySpecs.NetworkAgent.Tests.Unit.Worlds;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>From objects to rules, with no kernel.</summary>
[TestFixture]
internal sealed class CompilerTests
{
    private const string All = """{"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}""";

    [Test]
    public void A_pod_that_no_policy_selects_has_no_rules() =>
        Compiler.Compile(View([Pod("x/a", "10.0.0.1")], Policy("y", All))).Should().BeEquivalentTo(Ruleset.Empty);

    [Test]
    public void A_policy_without_rules_leaves_a_drop()
    {
        var rules = Compiler.Compile(View([Pod("x/a", "10.0.0.1")], Policy("x", All)));

        Judgement(rules, rules.Ingress, "10.0.0.1").Should().Be("drop\n");
        Judgement(rules, rules.Egress, "10.0.0.1").Should().Be("drop\n");
    }

    [Test]
    public void Pods_of_other_nodes_of_the_node_s_network_and_finished_ones_are_not_fenced()
    {
        Pod[] pods =
        [
            Pod("x/there", "10.0.0.1", node: "there"), Pod("x/host", "10.0.0.2") with { HostNetwork = true },
            Pod("x/ended", "10.0.0.3") with { Finished = true }, Pod("x/new", "10.0.0.4") with { Addresses = [] },
        ];

        Compiler.Compile(View(pods, Policy("x", All))).Ingress.Should().BeEmpty();
    }

    [Test]
    public void Finished_pods_and_those_of_a_node_s_network_are_nobody_s_peers()
    {
        Pod[] pods = [Pod("x/a", "10.0.0.1"), Pod("x/ended", "10.0.0.2") with { Finished = true }, Pod("x/host", "10.0.0.3") with { HostNetwork = true }, Pod("x/good", "10.0.0.9", node: "there")];

        Ingress(pods, """{"podSelector": {}, "ingress": [{"from": [{"podSelector": {} }]}]}""").Should().Contain("{ 10.0.0.1, 10.0.0.9 }").And.NotContain("10.0.0.2").And.NotContain("10.0.0.3");
    }

    [TestCase("""[{}]""", "accept")]
    [TestCase("""[{"ports": [{"port": 80}]}]""", "tcp dport 80 accept")]
    [TestCase("""[{"ports": [{"port": 80}, {"port": 443}]}]""", "tcp dport { 80, 443 } accept")]
    [TestCase("""[{"ports": [{"port": 80, "endPort": 90}, {"port": 85, "endPort": 95}, {"port": 96}]}]""", "tcp dport 80-96 accept")]
    [TestCase("""[{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53}]}]""", "tcp dport 53 accept\nudp dport 53 accept")]
    [TestCase("""[{"ports": [{"port": 9, "protocol": "SCTP"}]}]""", "sctp dport 9 accept")]
    [TestCase("""[{"ports": [{"protocol": "SCTP"}, {"port": 9, "protocol": "SCTP"}]}]""", "meta l4proto sctp accept")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]}]""", "ip saddr 10.1.0.0-10.1.255.255 accept")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]""", "accept")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "10.1.0.0/30", "except": ["10.1.0.1/32"]}}]}]""", "ip saddr @{ 10.1.0.0, 10.1.0.2-10.1.0.3 } accept")]
    [TestCase("""[{"from": [{"namespaceSelector": {"matchLabels": {"ns": "y"}}, "podSelector": {"matchLabels": {"pod": "b"}}}]}]""", "ip saddr 10.0.1.2 accept")]
    [TestCase("""[{"from": [{"namespaceSelector": {"matchLabels": {"ns": "y"}}}, {"podSelector": {"matchLabels": {"pod": "b"}}}], "ports": [{"port": 80}]}]""", "ip saddr @{ 10.0.0.2, 10.0.1.1-10.0.1.2 } tcp dport 80 accept")]
    [TestCase("""[{"from": [{"namespaceSelector": {}}]}]""", "ip saddr @{ 10.0.0.1-10.0.0.2, 10.0.1.1-10.0.1.2 } accept")]
    [TestCase("""[{"from": [{"podSelector": {"matchExpressions": [{"key": "pod", "operator": "NotIn", "values": ["a"]}]}}]}]""", "ip saddr 10.0.0.2 accept")]
    [TestCase("""[{"ports": [{"port": "web"}]}]""", "tcp dport 8080 accept")]
    [TestCase("""[{"ports": [{"port": "web", "protocol": "UDP"}]}]""", "udp dport 8081 accept")]
    [TestCase("""[{"from": [{"podSelector": {"matchLabels": {"pod": "nobody"}}}]}]""", "")]
    [TestCase("""[{"ports": [{"port": "no-such-name"}]}]""", "")]
    public void Ingress_rules_of_a_pod(string ingress, string expected) =>
        Ingress(TwoSpaces(), $$"""{"podSelector": {"matchLabels": {"pod": "a"} }, "policyTypes": ["Ingress"], "ingress": {{ingress}} }""")
            .Should().Be(expected.Length == 0 ? "drop\n" : $"{expected}\ndrop\n");

    [TestCase("""[{"to": [{"podSelector": {"matchLabels": {"pod": "b"}}}], "ports": [{"port": 80}]}]""", "ip daddr 10.0.0.2 tcp dport 80 accept")]
    [TestCase("""[{"ports": [{"port": "web"}]}]""", "ip daddr @{ 10.0.0.1, 10.0.1.1 } tcp dport 8080 accept\nip daddr @{ 10.0.0.2, 10.0.1.2 } tcp dport 9090 accept")]
    [TestCase("""[{"to": [{"ipBlock": {"cidr": "10.0.1.0/24"}}], "ports": [{"port": "web"}, {"port": 22}]}]""", "ip daddr 10.0.1.0-10.0.1.255 tcp dport 22 accept\nip daddr 10.0.1.1 tcp dport 8080 accept\nip daddr 10.0.1.2 tcp dport 9090 accept")]
    [TestCase("""[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]}]""", "ip daddr @{ 0.0.0.0-169.254.169.253, 169.254.169.255-255.255.255.255 } accept")]
    public void Egress_rules_of_a_pod(string egress, string expected)
    {
        var rules = Compiler.Compile(View(TwoSpaces(), Policy("x", $$"""{"podSelector": {"matchLabels": {"pod": "a"} }, "policyTypes": ["Egress"], "egress": {{egress}} }""")));

        Judgement(rules, rules.Egress, "10.0.0.1").Should().Be($"{expected}\ndrop\n");
        rules.Ingress.Should().BeEmpty();
    }

    [Test]
    public void One_policy_means_another_port_for_each_pod_that_gives_its_name_to_another()
    {
        var rules = Compiler.Compile(View(TwoSpaces(), Policy("x", """{"podSelector": {}, "ingress": [{"ports": [{"port": "web"}]}]}""")));

        Judgement(rules, rules.Ingress, "10.0.0.1").Should().Be("tcp dport 8080 accept\ndrop\n");
        Judgement(rules, rules.Ingress, "10.0.0.2").Should().Be("tcp dport 9090 accept\ndrop\n");
    }

    [Test]
    public void Policies_add_up_and_what_is_equal_exists_once()
    {
        var policy = """{"podSelector": {}, "ingress": [{"ports": [{"port": 80}]}]}""";
        var rules = Compiler.Compile(View(TwoSpaces(), Policy("x", policy), Policy("x", policy), Policy("x", All), Policy("y", policy)));

        Judgement(rules, rules.Ingress, "10.0.0.1").Should().Be("tcp dport 80 accept\ndrop\n");
        rules.Chains.Should().ContainSingle();
        rules.Ingress.Values.Distinct().Should().ContainSingle();
    }

    [Test]
    public void Two_hundred_pods_under_two_hundred_policies_compile_in_a_moment()
    {
        var view = Large(200, 200);
        var rules = Compiler.Compile(view);
        var times = Enumerable.Range(0, 7).Select(_ =>
        {
            var clock = Stopwatch.StartNew();
            Compiler.Compile(view);
            return clock.Elapsed;
        }).ToList();

        // Code is slower here than in the image, and the machine may be busy at any one time.
        times.Order().ElementAt(times.Count / 2).Should().BeLessThan(TimeSpan.FromMilliseconds(400));
        rules.Ingress.Should().HaveCount(200);
        rules.RuleCount.Should().BeLessThan(5000, "rules grow with policies, not with pods times policies");
    }

    private static Pod[] TwoSpaces() =>
        [.. "xy".SelectMany((space, s) => "ab".Select((pod, p) =>
            Pod($"{space}/{pod}", $"10.0.{s}.{p + 1}", labels: $"pod={pod}", ports: [new NamedPort("web", Protocol.Tcp, (ushort)(8080 + 1010 * p)), new NamedPort("web", Protocol.Udp, 8081)])))];

    private static string Ingress(Pod[] pods, string spec)
    {
        var rules = Compiler.Compile(View(pods, Policy("x", spec)));
        return Judgement(rules, rules.Ingress, "10.0.0.1");
    }

    // What the kernel walks through, with the policies' chains and the sets written out.
    private static string Judgement(Ruleset rules, IReadOnlyDictionary<string, string> map, string address)
    {
        var text = rules.Profiles[map[address]];
        foreach (var (name, body) in rules.Chains) text = text.Replace($"jump {name}\n", body, StringComparison.Ordinal);
        foreach (var (name, definition) in rules.Sets) text = text.Replace($"@{name}", "@" + definition[definition.IndexOf('{', StringComparison.Ordinal)..].TrimEnd(';'), StringComparison.Ordinal);
        return text;
    }
}
