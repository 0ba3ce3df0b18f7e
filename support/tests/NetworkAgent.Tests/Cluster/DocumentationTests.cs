using static SecuritySpecs.NetworkAgent.Tests.Cluster.Playground;
using static SecuritySpecs.NetworkAgent.Tests.Cluster.Policies;

namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>What the page "Network Policies" of Kubernetes' documentation says, where the truth tables do not already ask for it.</summary>
[TestFixture, NonParallelizable]
internal sealed class DocumentationTests
{
    [TearDown]
    public Task Open() => Clear();

    [Test]
    public async Task Its_long_example()
    {
        // Pod x/a is the database, x/b the frontend, y the project's namespace, and z/a is in the block and z/b excepted from it.
        await Apply("x", "example", Policy(
            Labels("pod", "a"),
            ingress: [From(Block($"{Addresses["z/a"]}/32"), Block("10.42.0.0/16", "10.42.0.0/17", "10.42.128.0/17"), Spaces(Labels("ns", "y")), Pods(Labels("pod", "b"))).On(Port(80, "TCP"))],
            egress: [To(Block($"{Addresses["z/b"]}/32")).On(Port(81, "TCP"))]));

        await Expect(
            Table(80).Deny("*", "x/a").Allow("z/a", "x/a").Allow("y/*", "x/a").Allow("x/b", "x/a").Deny("x/a", "*"),
            Table(81).Deny("*", "x/a").Deny("x/a", "*").Allow("x/a", "z/b"));
    }

    [Test]
    public async Task One_item_with_both_selectors_is_not_two_items_with_one_each()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(Labels("ns", "y"), Labels("pod", "b")))]));
        await Expect(Table().Deny("*", "x/a").Allow("y/b", "x/a"));

        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y")), Pods(Labels("pod", "b")))]));
        await Expect(Table().Deny("*", "x/a").Allow("y/*", "x/a").Allow("x/b", "x/a"));
    }

    [Test]
    public async Task A_selector_by_the_presence_of_a_label_and_by_its_absence()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Spaces(Missing("ns")), Both(Exists("ns"), Missing("pod")))]));
        await Expect(Table().Deny("*", "x/a"));

        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(Exists("ns"), Exists("pod")))], egress: [To(Spaces(Missing("no-such-label")))]));
        await Expect(Table());
    }

    [Test]
    public async Task Several_namespaces_by_label()
    {
        await Apply("x", "out", Policy(Everything, egress: [To(Spaces(In("ns", "y", "z")))]));

        await Expect(Table().Deny("x/*", "x/*"));
    }

    [Test]
    public async Task Both_ends_must_agree()
    {
        await Apply("x", "out-to-y", Policy(Everything, egress: [To(Spaces(Labels("ns", "y")))]));
        await Apply("y", "in-from-z", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "z")))]));

        await Expect(Table().Deny("x/*", "*").Allow("x/*", "y/*").Deny("*", "y/a").Allow("z/*", "y/a"));
    }

    [Test]
    public async Task Without_policyTypes_a_policy_is_about_egress_only_where_it_has_rules_for_it()
    {
        var ingressOnly = Policy(Everything);
        ingressOnly.Remove("policyTypes");
        await Apply("x", "unset", ingressOnly);
        await Expect(Table().Deny("*", "x/*"));

        var both = Policy(Everything, egress: [To(Pods(Everything))]);
        both.Remove("policyTypes");
        await Apply("x", "unset", both);
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));
    }

    [Test]
    public async Task A_range_of_ports()
    {
        await Apply("x", "range", Policy(Labels("pod", "a"), ingress: [Anybody.On(Port(70, "TCP", 80))]));
        var kept = await Api.Get("apis/networking.k8s.io/v1/namespaces/x/networkpolicies/range");
        if (kept["spec"]!["ingress"]![0]!["ports"]![0]!["endPort"] is null)
        {
            // What the API server does not know it leaves out, and a single port is left, to which nobody listens.
            await Expect(Table(80).Deny("*", "x/a"), Table(81).Deny("*", "x/a"));
            Assert.Ignore($"Kubernetes 1.{Minor} has no endPort: the API server left it out");
        }

        await Expect(Table(80), Table(81).Deny("*", "x/a"), Table(80, "udp").Deny("*", "x/a"));
    }

    [Test]
    public async Task A_pod_of_its_node_s_network_is_neither_fenced_nor_let_in_as_a_pod()
    {
        await Api.Create("api/v1/namespaces/x/pods", $$"""
            {"metadata": {"name": "host", "labels": {"pod": "host"} },
             "spec": {"nodeName": "{{Server.Name}}", "hostNetwork": true, "terminationGracePeriodSeconds": 0,
                      "containers": [{"name": "main", "image": "{{PodImage}}", "imagePullPolicy": "Never", "command": ["sleep", "infinity"]}]} }
            """);
        await Api.Running("x", "host");
        // Selected by a policy that lets nothing out, and a peer of one that lets it in.
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Apply("y", "from-host", Policy(Everything, ingress: [From(Spaces(Labels("ns", "x")))]));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*").Deny("*", "y/*"));

        // Its traffic is its node's: never kept from that node's own pods, and let in nowhere else.
        (await FromHost(Addresses["x/a"])).Should().NotBeEmpty();
        (await FromHost(Addresses["y/c"])).Should().NotBeEmpty();
        (await FromHost(Addresses["y/b"])).Should().BeEmpty();
        await Api.Delete("api/v1/namespaces/x/pods/host");
    }

    private static Task<string> FromHost(string address) => Api.Bash("x", "host", $"timeout 1 bash -c 'cat </dev/tcp/{address}/80' 2>/dev/null");
}
