using static SecuritySpecs.NetworkAgent.Tests.Cluster.Playground;
using static SecuritySpecs.NetworkAgent.Tests.Cluster.Policies;
using Node = SecuritySpecs.OfflineCluster.Tests.Node;
using Shell = SecuritySpecs.OfflineCluster.Tests.Shell;

namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>What holds while pods and the agent itself come and go.</summary>
[TestFixture, NonParallelizable]
internal sealed class AgentLifeTests
{
    private const string PolicyPath = "apis/networking.k8s.io/v1/namespaces/x/networkpolicies/a";

    // A process that tries from its first instant, for two seconds, and tells in the end.
    private const string Eager =
        "use IO::Socket::INET; use Time::HiRes q(time); $end = time + 2; while (time < $end) { $n++; $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 80, Timeout => 0.02) or next; $open++; close $s } printf qq(%d tries, %d open\\n), $n, $open";

    [TearDown]
    public Task Open() => Clear();

    [Test]
    public async Task No_packet_of_a_new_pod_goes_out_before_its_fence_stands()
    {
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));
        foreach (var node in new[] { Server, Agent })
        {
            await RunEager("x", node);
            // The same pod in a namespace without a policy, to know that the tries are good.
            await RunEager("z", node);
        }

        foreach (var pod in new[] { "eager-server", "eager-agent" })
        {
            (await Report("z", pod)).Should().MatchRegex(@"^(?<n>\d+) tries, [1-9]\d* open$");
            (await Report("x", pod)).Should().MatchRegex(@"^\d{2,} tries, 0 open$");
        }
        foreach (var space in new[] { "x", "z" })
            foreach (var pod in new[] { "eager-server", "eager-agent" }) await Api.Delete($"api/v1/namespaces/{space}/pods/{pod}");
    }

    [Test]
    public async Task No_packet_reaches_a_new_pod_before_its_fence_stands()
    {
        // z/a, on the same node, tries the addresses that the next pods will get, from before they exist.
        const string Flood = "use IO::Socket::INET; use Time::HiRes q(time); while (!-e q(/tmp/enough)) { for $a (@ARGV) { $s = IO::Socket::INET->new(PeerAddr => $a, PeerPort => 80, Timeout => 0.02) or next; $open{$a}++; close $s } } print join q( ), map { $open{$_} + 0 } @ARGV";
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));
        var next = await NextAddresses(Server, 2);
        var flood = Api.Bash("z", "a", $"perl -e '{Flood}' {string.Join(' ', next)}");

        await Api.Create("api/v1/namespaces/x/pods", Manifest("late", Server));
        (await Api.Running("x", "late")).Should().Be(next[0]);
        await Api.Create("api/v1/namespaces/z/pods", Manifest("late", Server));
        (await Api.Running("z", "late")).Should().Be(next[1]);
        await Find("y/a", $"tcp:{next[1]}:80", "open");
        await Api.Bash("z", "a", "sleep .3; touch /tmp/enough");

        var open = (await flood).Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToList();
        open[1].Should().BePositive("the pod without a policy is reached");
        open[0].Should().Be(0);
        foreach (var space in new[] { "x", "z" }) await Api.Delete($"api/v1/namespaces/{space}/pods/late");
    }

    [Test]
    public async Task An_address_that_another_pod_gets_brings_it_neither_the_old_one_s_rights_nor_its_connections()
    {
        // A dialogue in UDP from a fixed port: to the kernel it is established for a while.
        const string Ask = "use IO::Socket::INET; use IO::Select; $s = IO::Socket::INET->new(Proto => q(udp), LocalPort => 5555, PeerAddr => $ARGV[0], PeerPort => 80) or die; for (1 .. 3) { $s->send(q(who)); if (IO::Select->new($s)->can_read(.3)) { $s->recv($m, 9); print qq($m ) } }";
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(Labels("ns", "z"), Labels("role", "friend")))]));
        await Api.Create("api/v1/namespaces/z/pods", Manifest("old", Server, ", \"role\": \"friend\""));
        var address = await Api.Running("z", "old");
        await Shell.Await("an answer to the friend", async () => await Api.Bash("z", "old", $"perl -e '{Ask}' {Addresses["x/a"]}") == "here here here" ? "" : null, () => Task.FromResult("none"));
        await Gone("z", "old");

        await GiveNext(Server, address);
        await Api.Create("api/v1/namespaces/z/pods", Manifest("new", Server));
        (await Api.Running("z", "new")).Should().Be(address);

        (await Api.Bash("z", "new", $"perl -e '{Ask}' {Addresses["x/a"]}")).Should().BeEmpty();
        await Expect(Table().Deny("*", "x/a"));
        await Gone("z", "new");
    }

    [Test]
    public async Task A_pod_that_has_ended_gives_its_address_no_rights()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: [From(Both(Labels("ns", "z"), Labels("role", "friend")))]));
        await Api.Create("api/v1/namespaces/z/pods", $$"""
            {"metadata": {"name": "job", "labels": {"role": "friend"} },
             "spec": {"nodeName": "{{Agent.Name}}", "restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
                      "containers": [{"name": "main", "image": "{{PodImage}}", "imagePullPolicy": "Never", "command": ["sleep", "1"]}]} }
            """);
        var address = await Shell.Await(
            "pod job Succeeded",
            async () => (await Api.Get("api/v1/namespaces/z/pods/job"))["status"] is { } status && (string?)status["phase"] == "Succeeded" ? (string?)status["podIP"] : null,
            async () => (await Api.Get("api/v1/namespaces/z/pods/job"))["status"]!.ToJsonString());

        await Shell.Await(
            $"{address} gone from the rules of the server",
            async () => (await Rules(Server)).Contains($"{address} ", StringComparison.Ordinal) || (await Rules(Server)).Contains($"{address},", StringComparison.Ordinal) ? null : "",
            () => Rules(Server));
        await Api.Delete("api/v1/namespaces/z/pods/job");
    }

    [Test]
    public async Task While_the_agent_hangs_the_rules_stay_and_no_pod_starts()
    {
        await Apply("x", "a", Policy(Labels("pod", "a"), ingress: []));
        await Expect(Table().Deny("*", "x/a"));
        var pid = await Server.Exec("pgrep", "-x", "network-agent");
        await Server.Exec("kill", "-STOP", pid);
        try
        {
            await Api.Patch(PolicyPath, """{"spec": {"ingress": [{}]}}""");
            await Api.Create("api/v1/namespaces/z/pods", Manifest("waits", Server));
            await Expect(Table().Deny("*", "x/a"));
            (await Api.Get("api/v1/namespaces/z/pods/waits"))["status"]!["podIP"].Should().BeNull();
        }
        finally
        {
            await Server.Exec("kill", "-CONT", pid);
        }

        await Expect(Table());
        await Api.Running("z", "waits");
        await Gone("z", "waits");
    }

    [Test]
    public async Task An_agent_that_starts_anew_knows_its_pods_and_takes_up_what_changed()
    {
        await Apply("x", "deny", Policy(Everything, ingress: [], egress: []));
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));
        foreach (var node in new[] { Server, Agent }) await node.Exec("bash", "-c", "kill -KILL $(pgrep -x network-agent)");
        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));
        // As after a boot: nothing is left in the kernel.
        foreach (var node in new[] { Server, Agent })
        {
            var pid = await node.Exec("pgrep", "-x", "network-agent");
            await node.Exec("bash", "-c", $"nft delete table inet network_agent; kill -KILL {pid}");
        }

        await Expect(Table().Deny("*", "x/*").Deny("x/*", "*"));
    }

    [Test]
    public async Task The_agent_may_read_what_it_needs_and_nothing_else()
    {
        const string Files = "/var/lib/rancher/k3s/agent";
        var server = await AddressOf(Server);
        async Task<string> Status(string path, string method = "GET") => await Agent.Exec(
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, "--cacert", $"{Files}/ca.crt", "--cert", $"{Files}/network-agent.crt", "--key", $"{Files}/network-agent.key", $"https://{server}:6443{path}");

        foreach (var path in new[] { "/api/v1/pods", "/api/v1/namespaces", "/apis/networking.k8s.io/v1/networkpolicies" }) (await Status(path)).Should().Be("200", path);
        foreach (var path in new[] { "/api/v1/secrets", "/api/v1/nodes", "/api/v1/namespaces/x/pods/a/log", "/api/v1/services" }) (await Status(path)).Should().Be("403", path);
        (await Status("/apis/networking.k8s.io/v1/namespaces/x/networkpolicies", "DELETE")).Should().Be("403");
        (await Status("/api/v1/namespaces/x/pods/a", "DELETE")).Should().Be("403");
    }

    [Test]
    public async Task The_address_of_a_pod_that_is_gone_is_taken_back()
    {
        await Api.Create("api/v1/namespaces/x/pods", $$"""
            {"metadata": {"name": "short"},
             "spec": {"nodeName": "{{Server.Name}}", "restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
                      "containers": [{"name": "main", "image": "{{PodImage}}", "imagePullPolicy": "Never", "command": ["perl", "-e", "$| = 1; print qq(open\n); sleep 300"]}]} }
            """);
        await Report("x", "short");
        var address = (await Api.Get("api/v1/namespaces/x/pods/short"))["status"]!["podIP"]!.GetValue<string>();
        async Task<string> Holder() => (await Server.Exec("cat", $"{Given}/{address}")).Trim();
        var pod = await Holder();
        pod.Should().NotBeEmpty();

        await Gone("x", "short");

        await Shell.Await($"address {address} to be free", async () => await Holder() != pod ? "" : null, Holder);
        await Shell.Await(
            "its end of the link to go",
            async () => (await Server.Exec("ip", "-o", "link", "show", "type", "veth")).Contains(pod[..11], StringComparison.Ordinal) ? null : "",
            () => Server.Exec("ip", "-o", "link", "show", "type", "veth"));
    }

    private static async Task RunEager(string space, Node node) => await Api.Create($"api/v1/namespaces/{space}/pods", $$"""
        {"metadata": {"name": "eager-{{(node == Server ? "server" : "agent")}}"},
         "spec": {"nodeName": "{{node.Name}}", "restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
                  "containers": [{"name": "main", "image": "{{PodImage}}", "imagePullPolicy": "Never", "command": ["perl", "-e", "{{Eager.Replace("\\", "\\\\", StringComparison.Ordinal)}}", "{{Addresses["y/a"]}}"]}]} }
        """);

    private static Task<string> Report(string space, string pod) => Shell.Await(
        $"the report of {space}/{pod}",
        async () => await Api.Log(pod, space) is var log && log.EndsWith("open\n", StringComparison.Ordinal) ? log.TrimEnd() : null,
        () => Api.Log(pod, space));

    private static Task<string> Rules(Node node) => node.Exec("nft", "list", "table", "inet", "network_agent");

    private static async Task Gone(string space, string pod)
    {
        await Api.Delete($"api/v1/namespaces/{space}/pods/{pod}");
        await Shell.Await($"the end of {space}/{pod}", async () => await Api.TryGet($"api/v1/namespaces/{space}/pods/{pod}") is null ? "" : null, () => Task.FromResult("it is still there"));
        await Shell.Await(
            $"the end of the network of {space}/{pod}",
            async () => (await Server.Exec("bash", "-c", "cat /run/k3s/network-agent/pods/* 2>/dev/null; true")).Contains($"\"{pod}\"", StringComparison.Ordinal) ? null : "",
            () => Task.FromResult("it is still there"));
    }

    // The agent gives addresses one after the other, from the one after the last that it gave.
    private const string Given = "/run/k3s/network-agent/addresses";

    private static async Task<List<string>> NextAddresses(Node node, int count)
    {
        var last = await node.Exec("cat", $"{Given}/last");
        var dot = last.LastIndexOf('.') + 1;
        return [.. Enumerable.Range(int.Parse(last[dot..], CultureInfo.InvariantCulture) + 1, count).Select(n => $"{last[..dot]}{n}")];
    }

    // It reads the last one when it starts.
    private static async Task GiveNext(Node node, string address)
    {
        var dot = address.LastIndexOf('.') + 1;
        await node.Exec("bash", "-c", $"printf %s {address[..dot]}{int.Parse(address[dot..], CultureInfo.InvariantCulture) - 1} >{Given}/last; kill -KILL $(pgrep -x network-agent)");
    }
}
