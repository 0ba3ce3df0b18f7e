using static SecuritySpecs.NetworkAgent.Tests.Cluster.Playground;
using static SecuritySpecs.NetworkAgent.Tests.Cluster.Policies;
using Shell = SecuritySpecs.OfflineCluster.Tests.Shell;

namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>What policies must leave alone, and ways round them that must not exist.</summary>
[TestFixture, NonParallelizable]
internal sealed class TrafficTests
{
    [TearDown]
    public Task Open() => Clear();

    [Test]
    public async Task A_connection_that_stands_outlives_a_policy_that_would_not_let_it_in()
    {
        var address = Addresses["x/a"];
        var talk = Api.Bash("y", "b", $"exec 3<>/dev/tcp/{address}/82; echo one >&3; read <&3; touch /tmp/stands; until [ -e /tmp/go ]; do sleep .05; done; echo two >&3; read -t 3 answer <&3; echo $answer");
        await Shell.Await("the connection", async () => await Api.Bash("y", "b", "ls /tmp/stands 2>/dev/null") is { Length: > 0 } there ? there : null, () => Task.FromResult("none"));
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));

        await Api.Bash("y", "b", "touch /tmp/go");

        (await talk).Should().Be("two");
    }

    [Test]
    public async Task A_node_reaches_its_own_pods_whatever_stands()
    {
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));

        foreach (var pod in new[] { "x/a", "x/b" })
            (await NodeOf(pod).Exec("timeout", "2", "bash", "-c", $"cat </dev/tcp/{Addresses[pod]}/80")).Should().MatchRegex(@"^10\.42\.\d+\.1$", "the bridge asks");
    }

    [Test]
    public async Task The_kubelet_s_probes_reach_a_pod_that_nothing_else_reaches()
    {
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Api.Create("api/v1/namespaces/x/pods", Manifest("probed", Agent).Replace("\"name\": \"main\"", "\"name\": \"main\", \"readinessProbe\": {\"tcpSocket\": {\"port\": 80}, \"periodSeconds\": 1}", StringComparison.Ordinal));
        var address = await Api.Running("x", "probed");

        await Shell.Await(
            "pod probed Ready",
            async () => (await Api.Get("api/v1/namespaces/x/pods/probed"))["status"]!["containerStatuses"]![0]!["ready"]!.GetValue<bool>() ? "" : null,
            async () => (await Api.Get("api/v1/namespaces/x/pods/probed"))["status"]!.ToJsonString());

        (await Probe("y/b", $"tcp:{address}:80")).Should().Be("timeout");
        await Api.Delete("api/v1/namespaces/x/pods/probed");
    }

    [Test]
    public async Task What_comes_by_a_Service_is_judged_at_the_pod()
    {
        var service = (await Api.Create("api/v1/namespaces/x/services", """{"metadata": {"name": "a"}, "spec": {"type": "NodePort", "selector": {"pod": "a"}, "ports": [{"port": 8080, "targetPort": 80}]}}"""))["spec"]!;
        var byAddress = $"tcp:{service["clusterIP"]}:8080";
        var port = service["ports"]![0]!["nodePort"];
        var byServer = $"tcp:{await AddressOf(Server)}:{port}";
        var byAgent = $"tcp:{await AddressOf(Agent)}:{port}";
        foreach (var pod in new[] { "x/b", "x/c", "y/b", "y/c" })
            foreach (var target in new[] { byAddress, byServer, byAgent }) await Find(pod, target, "open");

        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Pods(Everything)).On(Port(80))]));
        await Expect(Table().Deny("y/*", "x/a").Deny("z/*", "x/a"));

        // The pod's port counts, not the Service's; and the client's address, which is another node's where a NodePort leads across nodes.
        (await Probe("x/b", byAddress)).Should().Be("open");
        (await Probe("x/c", byAddress)).Should().Be("open");
        (await Probe("x/c", byServer)).Should().Be("open");
        foreach (var pod in new[] { "y/b", "y/c" })
            foreach (var target in new[] { byAddress, byServer, byAgent }) (await Probe(pod, target)).Should().Be("timeout", "{0} asks {1}", pod, target);

        await Apply("y", "out", Policy(Everything, egress: [To(Both(Labels("ns", "x"), Labels("pod", "a"))).On(Port(80))]));
        await Api.Delete("apis/networking.k8s.io/v1/namespaces/x/networkpolicies/a");
        await Find("y/b", byAddress, "open");
        await Apply("y", "out", Policy(Everything, egress: [To(Both(Labels("ns", "x"), Labels("pod", "a"))).On(Port(8080))]));
        await Find("y/b", byAddress, "timeout");
        await Api.Delete("api/v1/namespaces/x/services/a");
    }

    [Test]
    public async Task A_port_of_the_node_leads_to_the_pod_that_asks_for_it_and_nowhere_after_it()
    {
        var byNode = $"tcp:{await AddressOf(Server)}:8099";
        (await Probe("y/b", byNode)).Should().Be("refused");
        await Api.Create("api/v1/namespaces/z/pods", Manifest("ported", Server).Replace("\"containerPort\": 80}", "\"containerPort\": 80, \"hostPort\": 8099}", StringComparison.Ordinal));
        await Api.Running("z", "ported");
        await Find("y/b", byNode, "open");

        await Api.Delete("api/v1/namespaces/z/pods/ported");

        await Find("y/b", byNode, "refused");
    }

    [Test]
    public async Task A_pod_reaches_itself_through_its_Service_whatever_stands()
    {
        var address = (await Api.Create("api/v1/namespaces/x/services", """{"metadata": {"name": "self"}, "spec": {"selector": {"pod": "a"}, "ports": [{"port": 80}]}}"""))["spec"]!["clusterIP"];
        await Find("x/a", $"tcp:{address}:80", "open");

        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));

        (await Probe("x/a", $"tcp:{address}:80")).Should().Be("open");
        await Api.Delete("api/v1/namespaces/x/services/self");
    }

    [Test]
    public async Task A_link_local_IPv6_address_is_no_way_round_a_policy()
    {
        const string Address = "$(grep eth0 /proc/net/if_inet6 | cut -c1-32)";
        const string Connect = "use Socket qw(:all); $SIG{ALRM} = sub { exit }; alarm 1; socket(S, AF_INET6, SOCK_STREAM, 0); connect(S, pack_sockaddr_in6(8086, pack(q(H32), $ARGV[0]), $ARGV[1])) or exit; print <S>";
        const string Listen = "use Socket qw(:all); socket(S, AF_INET6, SOCK_STREAM, 0); bind(S, pack_sockaddr_in6(8086, inet_pton(AF_INET6, q(::)))) or die; listen(S, 5); while (accept(C, S)) { print C qq(here); close C }";
        const string Interface = "$(cat /sys/class/net/eth0/ifindex)";
        var address = await Api.Bash("x", "a", $"(perl -e '{Listen}' >/dev/null 2>&1 &) ; echo {Address}");
        await Shell.Await(
            "the listener, asked by its own pod",
            async () => await Api.Bash("x", "a", $"perl -e '{Connect}' {address} {Interface}") == "here" ? "" : null,
            () => Task.FromResult("no answer"));

        (await Api.Bash("x", "c", $"perl -e '{Connect}' {address} {Interface}")).Should().BeEmpty("it is a neighbour on the same bridge");
    }

    [Test]
    public async Task A_policy_of_SCTP_lets_its_packets_in_and_no_others()
    {
        await Apply("x", "sctp", Policy(Labels("pod", "a"), ingress: [From(Spaces(Labels("ns", "y"))).On(Port(80, "SCTP"))]));
        await Expect(Table().Deny("*", "x/a"));
        // Raw, for a kernel need not speak SCTP to carry it: the first packet of an association, to each port from each pod.
        // The listener ends with the second packet that it hears. So the packets that the policy lets in are sent last:
        // one that should have been dropped would be heard before them, however slow the machine is.
        const string Hear = "use Socket; socket(S, AF_INET, SOCK_RAW, 132) or die; $SIG{ALRM} = sub { exit }; alarm 120; $| = 1; print qq(ready\\n); for (1 .. 2) { recv(S, $p, 100, 0); printf qq(%s %d\\n), join(q(.), unpack(q(C4), substr($p, 12, 4))), unpack(q(n), substr($p, 22, 2)) }";
        const string Send = "use Socket; socket(S, AF_INET, SOCK_RAW, 132) or die; for $p (81, 80) { $m = pack(q(nnNNCCnNNnnN), 5000, $p, 0, 0, 1, 0, 20, 1, 1500, 1, 1, 1); $c = 0xffffffff; for (unpack(q(C*), $m)) { $c ^= $_; $c = $c & 1 ? ($c >> 1) ^ 0x82f63b78 : $c >> 1 for 1 .. 8 } substr($m, 8, 4) = pack(q(V), $c ^ 0xffffffff); send(S, $m, 0, pack_sockaddr_in(0, inet_aton($ARGV[0]))) }";
        var heard = Api.Bash("x", "a", $"perl -e '{Hear}' | tee /tmp/sctp");
        await Shell.Await("the listener", async () => await Api.Bash("x", "a", "cat /tmp/sctp 2>/dev/null") is { Length: > 0 } said ? said : null, () => Task.FromResult("nothing"));

        foreach (var pod in new[] { "z/a", "z/b", "y/a", "y/b" }) await Api.Bash(pod[..1], pod[2..], $"perl -e '{Send}' {Addresses["x/a"]}");

        (await heard).Split('\n').Skip(1).Should().BeEquivalentTo($"{Addresses["y/a"]} 80", $"{Addresses["y/b"]} 80");
    }
}
