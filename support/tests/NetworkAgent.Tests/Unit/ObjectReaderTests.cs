namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>What is read of the API's objects, those that make no sense among them.</summary>
[TestFixture]
internal sealed class ObjectReaderTests
{
    [TestCase("""{"podSelector": {} }""", true, false)]
    [TestCase("""{"podSelector": {}, "egress": []}""", true, false)]
    [TestCase("""{"podSelector": {}, "egress": [{}]}""", true, true)]
    [TestCase("""{"podSelector": {}, "policyTypes": ["Egress"]}""", false, true)]
    [TestCase("""{"podSelector": {}, "policyTypes": ["Ingress"], "egress": [{}]}""", true, false)]
    [TestCase("""{"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}""", true, true)]
    public void The_directions_of_a_policy(string spec, bool ingress, bool egress)
    {
        var policy = Worlds.Policy("x", spec);

        (policy.Ingress is not null).Should().Be(ingress);
        (policy.Egress is not null).Should().Be(egress);
    }

    [Test]
    public void A_pod_with_its_ports_and_those_of_a_sidecar()
    {
        var pod = ObjectReader.Pod(Json("""
            {"metadata": {"namespace": "x", "name": "a", "uid": "u", "labels": {"app": "web"}},
             "spec": {"nodeName": "n", "containers": [{"ports": [{"name": "web", "containerPort": 80}, {"containerPort": 81}, {"name": "dns", "containerPort": 53, "protocol": "UDP"}]}],
                      "initContainers": [{"ports": [{"name": "early", "containerPort": 1}]}, {"restartPolicy": "Always", "ports": [{"name": "beside", "containerPort": 2}]}]},
             "status": {"phase": "Running", "podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}]}}
            """));

        pod.Addresses.Should().Equal(AddressSet.Address("10.0.0.1")!.Value);
        pod.Ports.Should().Equal(new NamedPort("web", Protocol.Tcp, 80), new NamedPort("dns", Protocol.Udp, 53), new NamedPort("beside", Protocol.Tcp, 2));
        pod.Port("dns", Protocol.Tcp).Should().BeNull();
    }

    [TestCase("""[{"from": [{}]}]""")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "10.0.0.0/33"}}]}]""")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "fd00::/8"}}]}]""")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["nonsense"]}}]}]""")]
    [TestCase("""[{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}]""")]
    [TestCase("""[{"from": [{"podSelector": {"matchExpressions": [{"key": "a", "operator": "Like", "values": ["b"]}]}}]}]""")]
    [TestCase("""[{"from": [{"podSelector": {"matchExpressions": {}}}]}]""")]
    [TestCase("""[{"from": [{"podSelector": 7}]}]""")]
    [TestCase("""[{"from": "everybody"}]""")]
    [TestCase("""[{"ports": [{"port": 0}]}]""")]
    [TestCase("""[{"ports": [{"port": 70000}]}]""")]
    [TestCase("""[{"ports": [{"port": 90, "endPort": 80}]}]""")]
    [TestCase("""[{"ports": [{"port": "web", "endPort": 80}]}]""")]
    [TestCase("""[{"ports": [{"endPort": 80}]}]""")]
    [TestCase("""[{"ports": [{"port": 80, "protocol": "ICMP"}]}]""")]
    [TestCase("""[{"ports": [80]}]""")]
    [TestCase("""[null, 5, "x", []]""")]
    public void A_rule_that_makes_no_sense_lets_nothing_through(string ingress)
    {
        var rules = Compiler.Compile(Worlds.View([Worlds.Pod("x/a", "10.0.0.1")], Worlds.Policy("x", $$"""{"podSelector": {}, "ingress": {{ingress}} }""")));

        rules.Profiles.Values.Should().Equal("drop\n");
        rules.Ingress.Should().ContainSingle();
    }

    [TestCase("""{"podSelector": {"matchExpressions": [{"key": "a", "operator": "Like"}]}}""")]
    [TestCase("""{"podSelector": "all"}""")]
    [TestCase("""{"podSelector": {"matchLabels": []}}""")]
    [TestCase("""{}""")]
    public void A_policy_whose_pods_make_no_sense_is_about_all_of_its_namespace(string spec) =>
        Compiler.Compile(Worlds.View([Worlds.Pod("x/a", "10.0.0.1"), Worlds.Pod("y/a", "10.0.0.2")], Worlds.Policy("x", spec))).Ingress.Keys.Should().Equal("10.0.0.1");

    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("7")]
    [TestCase("""{"metadata": [], "spec": "x", "status": null}""")]
    [TestCase("""{"metadata": {"name": 5, "labels": {"a": {}, "b": null}}, "spec": {"containers": [{"ports": [{"name": "x", "containerPort": "80"}]}, 5], "hostNetwork": "yes"}, "status": {"podIP": {}, "podIPs": [5, {"ip": "10.1"}]}}""")]
    public void Nothing_in_an_object_makes_the_reader_fail(string json)
    {
        var item = Json(json);

        var read = () => (ObjectReader.Pod(item), ObjectReader.Policy(item), ObjectReader.Namespace(item));

        read.Should().NotThrow();
        ObjectReader.Pod(item).Addresses.Should().BeEmpty();
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
