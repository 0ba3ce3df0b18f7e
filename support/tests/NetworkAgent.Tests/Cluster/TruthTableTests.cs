using static SecuritySpecs.NetworkAgent.Tests.Cluster.Playground;
using static SecuritySpecs.NetworkAgent.Tests.Cluster.Policies;

namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>
/// What the end-to-end tests of Kubernetes ask of a network plugin (test/e2e/network/netpol), case by case, between real pods of two nodes.
/// Namespaces are selected by a label of the tests' own, for releases before 1.21 set none.
/// </summary>
[TestFixture, NonParallelizable]
internal sealed class TruthTableTests
{
    [TearDown]
    public Task Open() => Clear();

    [Test]
    public async Task Default_deny_of_ingress()
    {
        await Apply("x", "deny-ingress", Policy(Everything, ingress: []));

        await Expect(Table().Deny("*", "x/*"), Table(80, "udp").Deny("*", "x/*"));
    }

    [Test]
    public async Task Default_deny_of_both()
    {
        await Apply("x", "deny-all", Policy(Everything, ingress: [], egress: []));

        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"), Table(81, "udp").Deny("*", "x/*").Deny("x/*", "*"));
    }

    [Test]
    public async Task From_pods_of_the_namespace_by_podSelector()
    {
        await Apply("x", "a-from-b", Policy(Labels("pod", "a"), ingress: [From(Pods(Labels("pod", "b")))]));

        await Expect(Table().Deny("*", "x/a").Allow("x/b", "x/a"));
    }

    [Test]
    public async Task One_pod_is_opened_again_by_a_second_policy()
    {
        await Apply("x", "deny-all", Policy(Everything, ingress: []));
        await Apply("x", "allow-all-to-a", Policy(Labels("pod", "a"), ingress: [From(Both(Everything, Everything))]));

        await Expect(Table().Deny("*", "x/*").Allow("*", "x/a"));
    }

    [Test]
    public async Task From_all_namespaces()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: []));
        await Expect(Table().Deny("*", "x/a"));

        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(Everything))]));

        await Expect(Table());
    }

    [Test]
    public async Task From_another_namespace_only_by_namespaceSelector()
    {
        await Apply("x", "a-from-y", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y")))]));

        await Expect(Table().Deny("*", "x/a").Allow("y/*", "x/a"));
    }

    [Test]
    public async Task By_podSelector_with_matchExpressions()
    {
        await Apply("x", "a-from-b", Policy(Labels("pod", "a"), ingress: [From(Pods(In("pod", "b")))]));

        await Expect(Table().Deny("*", "x/a").Allow("x/b", "x/a"));
    }

    [Test]
    public async Task By_namespaceSelector_with_matchExpressions()
    {
        await Apply("x", "a-from-y", Policy(Labels("pod", "a"), ingress: [From(Spaces(In("ns", "y")))]));

        await Expect(Table().Deny("*", "x/a").Allow("y/*", "x/a"));
    }

    [Test]
    public async Task By_podSelector_or_namespaceSelector()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(NotIn("ns", "x")), Pods(Labels("pod", "b")))]));

        await Expect(Table().Deny("x/c", "x/a"));
    }

    [Test]
    public async Task By_podSelector_and_namespaceSelector()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(NotIn("ns", "x"), Labels("pod", "b")))]));

        await Expect(Table().Deny("*", "x/a").Allow("y/b", "x/a").Allow("z/b", "x/a"));
    }

    [Test]
    public async Task By_several_values_of_both_selectors()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(NotIn("ns", "x"), In("pod", "b", "c")))]));

        await Expect(Table().Deny("x/*", "x/a").Deny("y/a", "x/a").Deny("z/a", "x/a"));
    }

    [Test]
    public async Task By_any_of_several_podSelectors()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Pods(Labels("pod", "b")), Pods(Labels("pod", "c")))]));

        await Expect(Table().Deny("*", "x/a").Allow("x/b", "x/a").Allow("x/c", "x/a"));
    }

    [Test]
    public async Task From_one_pod_of_another_namespace()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(Labels("ns", "y"), Labels("pod", "a")))]));

        await Expect(Table().Deny("*", "x/a").Allow("y/a", "x/a"), Table(80, "udp").Deny("*", "x/a").Allow("y/a", "x/a"));
    }

    [TestCase("tcp", "udp")]
    [TestCase("udp", "tcp")]
    public async Task By_port_and_protocol(string protocol, string other)
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y"))).On(Port(81, protocol.ToUpperInvariant()))]));

        await Expect(
            Table(81, protocol).Deny("*", "x/a").Allow("y/*", "x/a"),
            Table(80, protocol).Deny("*", "x/a"),
            Table(81, other).Deny("*", "x/a"));
    }

    [Test]
    public async Task Stacked_policies_add_up()
    {
        await Apply("x", "a-81", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y"))).On(Port(81, "TCP"))]));
        await Expect(Table(81).Deny("*", "x/a").Allow("y/*", "x/a"), Table(80).Deny("*", "x/a"));

        await Apply("x", "a-80", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y"))).On(Port(80, "TCP"))]));

        await Expect(Table(81).Deny("*", "x/a").Allow("y/*", "x/a"), Table(80).Deny("*", "x/a").Allow("y/*", "x/a"));
    }

    [Test]
    public async Task Allow_all_of_ingress_beats_what_else_stands()
    {
        await Apply("x", "only-80", Policy(Everything, ingress: [Anybody.On(Port(80))]));
        await Expect(Table(81).Deny("*", "x/*"));

        await Apply("x", "allow-all", Policy(Everything, ingress: [Anybody]));

        await Expect(Table(80), Table(81));
    }

    [Test]
    public async Task Allow_all_of_egress_beats_what_else_stands()
    {
        await Apply("x", "only-80", Policy(Everything, egress: [Anybody.On(Port(80))]));
        await Expect(Table(81).Deny("x/*", "*"));

        await Apply("x", "allow-all", Policy(Everything, egress: [Anybody]));

        await Expect(Table(80), Table(81));
    }

    [Test]
    public async Task Ingress_at_one_named_port()
    {
        await Apply("x", "named", Policy(Everything, ingress: [Anybody.On(Port("serve-81-tcp"))]));

        await Expect(Table(81), Table(80).Deny("*", "x/*"), Table(81, "udp").Deny("*", "x/*"));
    }

    [Test]
    public async Task Ingress_from_a_namespace_at_one_named_port()
    {
        await Apply("x", "named", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y"))).On(Port("serve-80-tcp", "TCP"))]));

        await Expect(Table(80).Deny("*", "x/a").Allow("y/*", "x/a"), Table(81).Deny("*", "x/a"));
    }

    [Test]
    public async Task Egress_to_one_named_port()
    {
        await Apply("x", "named", Policy(Everything, egress: [Anybody.On(Port("serve-80-tcp"))]));

        await Expect(Table(80), Table(81).Deny("x/*", "*"), Table(80, "udp").Deny("x/*", "*"));
    }

    [Test]
    public async Task An_updated_policy()
    {
        await Apply("x", "mutable", Policy(Everything, ingress: [Anybody.On(Port(81))]));
        await Expect(Table(81), Table(80).Deny("*", "x/*"));

        await Api.Patch("apis/networking.k8s.io/v1/namespaces/x/networkpolicies/mutable", """{"spec": {"ingress": []}}""");

        await Expect(Table(81).Deny("*", "x/*"));
    }

    [Test]
    public async Task A_namespace_that_gets_and_loses_a_label()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns2", "updated")))]));
        await Expect(Table().Deny("*", "x/a"));

        await Api.Patch("api/v1/namespaces/y", """{"metadata": {"labels": {"ns2": "updated"}}}""");
        await Expect(Table().Deny("*", "x/a").Allow("y/*", "x/a"));

        await Api.Patch("api/v1/namespaces/y", """{"metadata": {"labels": {"ns2": null}}}""");
        await Expect(Table().Deny("*", "x/a"));
    }

    [Test]
    public async Task A_client_that_gets_and_loses_a_label()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Pods(Labels("pod2", "updated")))]));
        await Expect(Table().Deny("*", "x/a"));

        await Api.Patch("api/v1/namespaces/x/pods/b", """{"metadata": {"labels": {"pod2": "updated"}}}""");
        await Expect(Table().Deny("*", "x/a").Allow("x/b", "x/a"));

        await Api.Patch("api/v1/namespaces/x/pods/b", """{"metadata": {"labels": {"pod2": null}}}""");
        await Expect(Table().Deny("*", "x/a"));
    }

    [Test]
    public async Task A_server_that_gets_and_loses_the_label_that_isolates_it()
    {
        await Apply("x", "deny", Policy(Labels("target", "isolated"), ingress: []));
        await Expect(Table());

        await Api.Patch("api/v1/namespaces/x/pods/a", """{"metadata": {"labels": {"target": "isolated"}}}""");
        await Expect(Table().Deny("*", "x/a"));

        await Api.Patch("api/v1/namespaces/x/pods/a", """{"metadata": {"labels": {"target": null}}}""");
        await Expect(Table());
    }

    [Test]
    public async Task From_the_own_namespace_only()
    {
        await Apply("x", "own", Policy(Everything, ingress: [From(Pods(Everything))]));

        await Expect(Table().Deny("y/*", "x/*").Deny("z/*", "x/*"));
    }

    [Test]
    public async Task Egress_of_one_pod_denied()
    {
        await Apply("x", "deny", Policy(Labels("pod", "a"), egress: []));

        await Expect(Table().Deny("x/a", "*"));
    }

    [Test]
    public async Task Egress_of_a_namespace_denied()
    {
        await Apply("x", "deny", Policy(Everything, egress: []));

        await Expect(Table().Deny("x/*", "*"), Table(80, "udp").Deny("x/*", "*"));
    }

    [Test]
    public async Task Ingress_and_egress_in_one_policy()
    {
        await Apply("x", "both", Policy(Labels("pod", "a"), ingress: [From(Pods(Labels("pod", "b")))], egress: [Anybody.On(Port(80))]));

        await Expect(Table(80).Deny("*", "x/a").Allow("x/b", "x/a"), Table(81).Deny("*", "x/a").Deny("x/a", "*").Allow("x/b", "x/a"));
    }

    [Test]
    public async Task Egress_denied_although_the_server_lets_it_in()
    {
        await Apply("x", "to-ya", Policy(Labels("pod", "a"), egress: [To(Both(Labels("ns", "y"), Labels("pod", "a")))]));
        foreach (var pod in new[] { "a", "b" }) await Apply("y", $"xa-to-{pod}", Policy(Labels("pod", pod), ingress: [From(Both(Labels("ns", "x"), Labels("pod", "a")))]));

        await Expect(Table().Deny("x/a", "*").Deny("*", "y/a").Deny("*", "y/b").Allow("x/a", "y/a"));
    }

    [Test]
    public async Task Egress_to_one_pod_of_another_namespace()
    {
        await Apply("x", "to-ya", Policy(Labels("pod", "a"), egress: [To(Both(Labels("ns", "y"), Labels("pod", "a")))]));

        await Expect(Table().Deny("x/a", "*").Allow("x/a", "y/a"));
    }

    [Test]
    public async Task All_ports_of_one_protocol()
    {
        await Apply("x", "tcp", Policy(Labels("pod", "a"), ingress: [Anybody.On(Port(null, "TCP"))]));

        await Expect(Table(80), Table(81), Table(80, "udp").Deny("*", "x/a"));
    }

    [Test]
    public async Task A_deleted_policy_is_in_force_no_longer()
    {
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));

        await Clear();

        await Expect(Table());
    }

    [Test]
    public async Task Egress_to_a_block()
    {
        await Apply("x", "to-yb", Policy(Labels("pod", "a"), egress: [To(Block($"{Addresses["y/b"]}/32"))]));

        await Expect(Table().Deny("x/a", "*").Allow("x/a", "y/b"));
    }

    [Test]
    public async Task Egress_to_a_block_with_an_exception_which_another_policy_allows()
    {
        var address = $"{Addresses["x/b"]}/32";
        await Apply("x", "around-b", Policy(Labels("pod", "a"), egress: [To(Block("10.42.0.0/16", address))]));
        await Expect(Table().Deny("x/a", "x/b"));

        await Apply("x", "to-b", Policy(Labels("pod", "a"), egress: [To(Block(address))]));
        await Expect(Table());

        await Api.Delete("apis/networking.k8s.io/v1/namespaces/x/networkpolicies/around-b");
        await Expect(Table().Deny("x/a", "*").Allow("x/a", "x/b"));
    }

    [Test]
    public async Task Ingress_from_a_block_with_an_exception()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Block("10.42.0.0/16", $"{Addresses["y/b"]}/32", $"{Addresses["y/c"]}/32"))]));

        await Expect(Table().Deny("y/b", "x/a").Deny("y/c", "x/a"));
    }

    [Test]
    public async Task Ingress_and_egress_apart()
    {
        await Apply("x", "out", Policy(Labels("pod", "a"), egress: [Anybody]));
        await Apply("x", "deny-in", Policy(Labels("pod", "a"), ingress: []));

        await Expect(Table().Deny("*", "x/a"));
    }

    [Test]
    public async Task A_port_of_SCTP_is_not_taken_for_one_of_TCP()
    {
        await Apply("x", "deny", Policy(Everything, ingress: []));
        await Apply("x", "sctp-81", Policy(Labels("pod", "a"), ingress: [Anybody.On(Port(81, "SCTP"))]));

        await Expect(Table(81).Deny("*", "x/*"), Table(81, "udp").Deny("*", "x/*"));
    }

    [Test]
    public async Task A_policy_of_SCTP_alone_isolates_its_pods()
    {
        await Apply("x", "sctp-80", Policy(Labels("pod", "a"), ingress: [Anybody.On(Port(80, "SCTP"))]));

        await Expect(Table(81).Deny("*", "x/a"), Table(80, "udp").Deny("*", "x/a"));
    }

    [Test]
    public async Task A_policy_of_UDP_alone_lets_no_TCP_in()
    {
        await Apply("x", "udp-81", Policy(Labels("pod", "a"), ingress: [Anybody.On(Port(81, "UDP"))]));

        await Expect(Table(81).Deny("*", "x/a"), Table(81, "udp"));
    }

    [Test]
    public async Task By_the_name_that_the_API_server_gives_namespaces_as_a_label()
    {
        if (Minor < 21) Assert.Ignore("kubernetes.io/metadata.name is set from 1.21 on");
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("kubernetes.io/metadata.name", "y")))], egress: [To(Spaces(NotIn("kubernetes.io/metadata.name", "y")))]));

        await Expect(Table().Deny("*", "x/a").Deny("x/a", "y/*").Allow("y/*", "x/a"));
    }
}
