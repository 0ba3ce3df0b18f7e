using SecuritySpecs.FleetProgram.Network;

namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>
/// Cluster DNS of the image, asked from inside a pod. The node is in a network of its own,
/// where an engine gives it no resolver that pods could use.
/// </summary>
[TestFixture, NonParallelizable]
internal sealed class DnsTests
{
    // udp|tcp SERVER QUESTION: prints the answer; messages in hexadecimal.
    private const string Resolver = """
        use IO::Socket::INET; my ($p, $s, $h) = @ARGV; my $q = pack("H*", $h); my ($l, $a); alarm 3;
        my $c = IO::Socket::INET->new(PeerAddr => $s, PeerPort => 53, Proto => $p) or die "no connection: $!";
        if ($p eq "tcp") { print $c pack("n/a*", $q); $c->flush; read($c, $l, 2); read($c, $a, unpack("n", $l)) } else { $c->send($q); $c->recv($a, 4096) }
        print unpack("H*", $a);
        """;

    private const string Services = "api/v1/namespaces/default/services";
    private const string Endpoints = "api/v1/namespaces/default/endpoints";

    private readonly string id = $"oc-{Guid.NewGuid().ToString()[..8]}";
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;
    private Node? node;
    private Api api = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var (image, podImage) = await OfflineImage.RequireAsync();
        await Node.Engine(["network", "create", "--label", $"security.specs/run={id}", id]);
        await Node.Engine(["save", "--output", folder + "/base.tar", podImage]);

        node = await Boot(image, ["--label", $"security.specs/run={id}", "--network", id, "--volume", $"{folder}:/var/lib/rancher/k3s/agent/images:ro"]);
        api = await node.Api();
        await api.RunPod("client", node.Name, podImage, "sleep", "infinity");
        await Eventually("kubernetes.default.svc.cluster.local", "NOERROR A 10.43.0.1");
    }

    [OneTimeTearDown]
    public async Task End()
    {
        Directory.Delete(folder, recursive: true);
        if (node is null) return;
        api?.Dispose();
        await node.DisposeAsync();
        await Node.Engine(["network", "rm", id]);
    }

    [Test]
    public async Task A_pod_asks_it_of_itself_and_needs_no_full_name()
    {
        (await api.Bash("client", "cat /etc/resolv.conf")).Should().Contain("nameserver 10.43.0.10").And.Contain("search default.svc.cluster.local svc.cluster.local cluster.local");
        (await api.Bash("client", "getent hosts kubernetes kubernetes.default kube-dns.kube-system.svc")).Should().Contain("10.43.0.1 ").And.Contain("10.43.0.10 ");
    }

    [Test]
    public async Task It_is_a_pod_like_any_other_under_the_names_and_labels_of_k3s()
    {
        var pods = (await api.Get("api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns"))["items"]!.AsArray();
        var service = (await api.Get("api/v1/namespaces/kube-system/services/kube-dns"))["spec"]!;

        ((string?)pods.Should().ContainSingle().Subject!["status"]!["podIP"]).Should().StartWith("10.42.0.", "it is on the pod network, not on the node's");
        ((string?)pods[0]!["metadata"]!["name"]).Should().StartWith("coredns-");
        ((string?)service["clusterIP"]).Should().Be("10.43.0.10");
        service["ports"]!.AsArray().Select(port => $"{port!["name"]} {port["port"]}/{port["protocol"]} to {port["targetPort"]}").Should().Equal("dns 53/UDP to 53", "dns-tcp 53/TCP to 53");
    }

    [TestCase("list", "services", true)]
    [TestCase("watch", "endpoints", true)]
    [TestCase("list", "secrets", false)]
    [TestCase("list", "pods", false)]
    [TestCase("update", "services", false)]
    public async Task Its_account_may_do_what_it_takes_and_no_more(string verb, string resource, bool allowed)
    {
        var review = await api.Create("apis/authorization.k8s.io/v1/subjectaccessreviews", $$"""
            {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
             "spec": {"user": "system:serviceaccount:kube-system:coredns", "resourceAttributes": {"verb": "{{verb}}", "resource": "{{resource}}"} } }
            """);

        ((bool)review["status"]!["allowed"]!).Should().Be(allowed);
    }

    [Test]
    public async Task A_Service_has_an_address_a_PTR_record_and_an_SRV_record_over_UDP_and_TCP()
    {
        await Service("full", """{"ports": [{"name": "http", "port": 80}]}""");
        var address = (string)(await api.Get($"{Services}/full"))["spec"]!["clusterIP"]!;
        var reverse = string.Join('.', address.Split('.').Reverse()) + ".in-addr.arpa";
        await Eventually("full.default.svc.cluster.local", $"NOERROR A {address}");
        await Eventually("_http._tcp.full.default.svc.cluster.local", "NOERROR SRV 0 100 80 full.default.svc.cluster.local", DnsMessage.Type.Srv);

        foreach (var protocol in new[] { "udp", "tcp" })
        {
            (await Ask("full.default.svc.cluster.local", DnsMessage.Type.A, protocol)).Should().Be($"NOERROR A {address}", protocol);
            (await Ask(reverse, DnsMessage.Type.Ptr, protocol)).Should().Be("NOERROR PTR full.default.svc.cluster.local", protocol);
            (await Ask("_http._tcp.full.default.svc.cluster.local", DnsMessage.Type.Srv, protocol)).Should().Be("NOERROR SRV 0 100 80 full.default.svc.cluster.local", protocol);
            (await Ask("nobody.default.svc.cluster.local", DnsMessage.Type.A, protocol)).Should().Be("NXDOMAIN", protocol);
            (await Ask("_smtp._tcp.full.default.svc.cluster.local", DnsMessage.Type.Srv, protocol)).Should().Be("NXDOMAIN", protocol);
        }
    }

    [Test]
    public async Task A_headless_Service_is_its_endpoints_and_follows_them()
    {
        await Service("cluster", """{"clusterIP": "None", "ports": [{"name": "p", "port": 80}]}""");
        await Behind("cluster", """[{"addresses": [{"ip": "10.42.0.201", "hostname": "one"}, {"ip": "10.42.0.202"}], "ports": [{"name": "p", "port": 8080}]}]""");

        await Eventually("cluster.default.svc.cluster.local", "NOERROR A 10.42.0.201 A 10.42.0.202");
        (await Ask("one.cluster.default.svc.cluster.local")).Should().Be("NOERROR A 10.42.0.201");
        (await Ask("10-42-0-202.cluster.default.svc.cluster.local")).Should().Be("NOERROR A 10.42.0.202");
        (await Ask("201.0.42.10.in-addr.arpa", DnsMessage.Type.Ptr)).Should().Be("NOERROR PTR one.cluster.default.svc.cluster.local");
        await Eventually("_p._tcp.cluster.default.svc.cluster.local",
            "NOERROR SRV 0 100 8080 10-42-0-202.cluster.default.svc.cluster.local SRV 0 100 8080 one.cluster.default.svc.cluster.local", DnsMessage.Type.Srv);

        await api.Delete($"{Endpoints}/cluster");
        await Eventually("one.cluster.default.svc.cluster.local", "NXDOMAIN");
    }

    [Test]
    public async Task An_ExternalName_is_an_alias_and_two_that_lead_to_each_other_harm_nobody()
    {
        await Service("alias", """{"type": "ExternalName", "externalName": "kubernetes.default.svc.cluster.local"}""");
        await Eventually("alias.default.svc.cluster.local", "NOERROR A 10.43.0.1 CNAME kubernetes.default.svc.cluster.local");

        await Service("hare", """{"type": "ExternalName", "externalName": "tortoise.default.svc.cluster.local"}""");
        await Service("tortoise", """{"type": "ExternalName", "externalName": "hare.default.svc.cluster.local"}""");
        await Service("after", """{"type": "ExternalName", "externalName": "kubernetes.default.svc.cluster.local"}""");
        await Eventually("after.default.svc.cluster.local", "NOERROR A 10.43.0.1 CNAME kubernetes.default.svc.cluster.local");
        (await Ask("hare.default.svc.cluster.local")).Should().Be("NXDOMAIN");
    }

    [Test]
    public async Task A_new_Service_is_found_within_a_second_and_a_removed_one_no_longer()
    {
        var clock = Stopwatch.StartNew();
        await Service("brief", """{"clusterIP": "10.43.77.7", "ports": [{"port": 80}]}""");
        await Eventually("brief.default.svc.cluster.local", "NOERROR A 10.43.77.7");
        var found = clock.Elapsed;

        clock.Restart();
        await api.Delete($"{Services}/brief");
        await Eventually("brief.default.svc.cluster.local", "NXDOMAIN");

        TestContext.Out.WriteLine($"found after {found.TotalMilliseconds:0} ms, gone after {clock.ElapsedMilliseconds} ms, the asking through the API server included");
        found.Should().BeLessThan(TimeSpan.FromSeconds(1));
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task A_name_outside_the_cluster_is_asked_of_nobody_where_the_node_has_no_resolver()
    {
        (await Ask("example.com")).Should().Be("REFUSED");
        (await Ask("77.0.42.10.in-addr.arpa", DnsMessage.Type.Ptr)).Should().Be("NXDOMAIN", "private addresses are the cluster's");
    }

    private async Task<Node> Boot(string image, string[] options)
    {
        var booted = new Node(id);
        await booted.Start(image, options, "server");
        await booted.AwaitReady();
        return booted;
    }

    private async Task Service(string name, string spec)
    {
        var service = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = JsonNode.Parse(spec) };
        // Services of some types must have a port.
        service["spec"]!["ports"] ??= new JsonArray(new JsonObject { ["port"] = 80 });
        await api.Create(Services, service.ToJsonString());
    }

    private async Task Behind(string name, string subsets) => await api.Create(Endpoints, $$"""{"metadata": {"name": "{{name}}"}, "subsets": {{subsets}} }""");

    private async Task Eventually(string name, string answer, DnsMessage.Type type = DnsMessage.Type.A)
    {
        var last = "";
        await Shell.Await($"{name} {type} to be {answer}", async () => (last = await Ask(name, type)) == answer ? answer : null, () => Task.FromResult(last));
    }

    /// <summary>What cluster DNS says to a pod: the code, and the records in the order of the alphabet.</summary>
    private async Task<string> Ask(string name, DnsMessage.Type type = DnsMessage.Type.A, string protocol = "udp")
    {
        const ushort Number = 4711;
        var question = Convert.ToHexString(DnsMessage.Question(Number, name, type));
        var answer = await api.Bash("client", $"perl -e '{Resolver}' {protocol} 10.43.0.10 {question} 2>&1");
        if (answer.Length < 24 || !answer.All(char.IsAsciiHexDigit)) return $"no answer: {answer}";
        var read = DnsMessage.Read(Convert.FromHexString(answer), Number)!;
        return new DnsAnswer(read.Code, [.. read.Records.Order(StringComparer.Ordinal)]).ToString();
    }
}
