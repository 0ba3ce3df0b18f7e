namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>
/// A server and an agent of the image (what <c>build</c> prints). In order, for some tests restart or
/// end what the others use.
/// </summary>
[TestFixture, NonParallelizable]
internal sealed class NodeTests
{
    private const string Listener = "use IO::Socket::INET; $| = 1; $s = IO::Socket::INET->new(LocalPort => 8080, Listen => 5) or die; print qq(listening\n); while ($c = $s->accept) { print $c $c->peerhost; close $c }";

    private readonly string id = $"oc-{Guid.NewGuid().ToString()[..8]}";
    private readonly List<Node> nodes = [];
    private string folder = "";
    private string image = "";
    private string podImage = "";
    private Node server = null!;
    private Node agent = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        (image, podImage) = await OfflineImage.RequireAsync();
        folder = Directory.CreateTempSubdirectory().FullName;
        await Node.Engine(["network", "create", "--label", $"security.specs/run={id}", id]);
        await Node.Engine(["save", "--output", folder + "/base.tar", podImage]);
        server = await Boot("server", "--network-alias=control-plane", "server", "--disable=traefik");
        var token = await server.Exec("cat", "/var/lib/rancher/k3s/server/node-token");
        agent = await Boot("agent", "--env=K3S_URL=https://control-plane:6443", "agent", "--token", token, "--node-label", "gpu-pool=a100");
    }

    [OneTimeTearDown]
    public async Task End()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        if (folder is "") return;
        await Node.Engine(["network", "rm", id]);
        Directory.Delete(folder, recursive: true);
    }

    [Test, Order(1)]
    public async Task The_kubeconfig_of_the_container_opens_the_cluster_with_both_nodes_Ready()
    {
        using var api = await server.Api();

        var items = (await api.Get("api/v1/nodes"))["items"]!.AsArray();

        items.Select(node => (string?)node!["metadata"]!["name"]).Should().BeEquivalentTo(server.Name, agent.Name);
        items.Should().OnlyContain(node => node!["status"]!["conditions"]!.AsArray().Any(condition => (string?)condition!["type"] == "Ready" && (string?)condition["status"] == "True"));
        (await api.Get($"api/v1/nodes/{agent.Name}"))["metadata"]!["labels"]!["gpu-pool"]!.GetValue<string>().Should().Be("a100");
    }

    [Test, Order(1)]
    public async Task A_caller_without_credentials_is_turned_away()
    {
        using var api = await server.Api();

        (await api.As(token: null, "api/v1/nodes")).Code.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test, Order(1)]
    public async Task A_requested_token_is_its_ServiceAccount_and_no_more()
    {
        using var api = await server.Api();
        var answer = await api.Create("api/v1/namespaces/default/serviceaccounts/default/token", """{"spec": {"expirationSeconds": 600}}""");

        var (code, body) = await api.As((string?)answer["status"]!["token"], "api/v1/nodes");

        code.Should().Be(HttpStatusCode.Forbidden);
        body.Should().Contain("system:serviceaccount:default:default");
    }

    [Test, Order(2)]
    public async Task Pods_of_an_imported_image_talk_across_nodes_by_address_and_by_Service_and_are_seen_as_themselves()
    {
        using var api = await server.Api();
        var address = await api.RunPod("web", server.Name, podImage, "perl", "-e", Listener);
        await api.Create("api/v1/namespaces/default/services", """{"metadata": {"name": "web"}, "spec": {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}]}}""");
        var service = (string)(await api.Get("api/v1/namespaces/default/services/web"))["spec"]!["clusterIP"]!;

        foreach (var node in new[] { server.Name, agent.Name })
        {
            var client = await api.RunPod($"client-{node}", node, podImage, "sleep", "infinity");
            (await Answer(api, $"client-{node}", address, 8080)).Should().Be(client, "the pod at {0} asked the pod", node);
            (await Answer(api, $"client-{node}", service, 80)).Should().Be(client, "the pod at {0} asked the Service", node);
        }

        (await api.Log("web")).Should().Be("listening\n");
    }

    [Test, Order(3)]
    public async Task An_agent_that_restarts_comes_back()
    {
        await Node.Engine(["restart", agent.Name]);
        await agent.AwaitReady(boots: 2);

        using var api = await server.Api();
        var address = await api.RunPod("after-restart", agent.Name, podImage, "perl", "-e", Listener);
        (await Answer(api, $"client-{server.Name}", address, 8080)).Should().NotBeEmpty();
    }

    [Test, Order(4)]
    public async Task A_server_stops_before_it_is_killed_and_its_volumes_boot_again_with_what_was_there()
    {
        using (var api = await server.Api())
            await api.Create("api/v1/namespaces/default/configmaps", """{"metadata": {"name": "kept"}, "data": {"answer": "42"}}""");

        var clock = Stopwatch.StartNew();
        await Node.Engine(["stop", server.Name]);
        // The engine kills it after ten. On an idle machine it takes one or two; what a busy one takes says nothing about the image.
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(8));
        (await server.State("{{.State.ExitCode}}")).Should().Be("0");
        await Node.Engine(["start", server.Name]);
        await server.AwaitReady(boots: 2);

        using var again = await server.Api();
        (await again.Get("api/v1/namespaces/default/configmaps/kept"))["data"]!["answer"]!.GetValue<string>().Should().Be("42");
        await again.RunPod("after-boot", server.Name, podImage, "sleep", "infinity");
    }

    [Test, Order(5)]
    public async Task A_component_that_dies_ends_the_container_with_the_end_of_its_log()
    {
        await server.Exec("bash", "-c", "kill -KILL $(pgrep -x kube-scheduler)");

        await Shell.Await(
            "the container's end",
            async () => await server.State("{{.State.Running}}") == "false" ? "" : null,
            server.Log);

        (await server.State("{{.State.ExitCode}}")).Should().Be("1");
        (await server.Log()).Should().Contain("kube-scheduler has exited; the end of its log:");
    }

    [TestCase("unknown command 'serve'", "serve")]
    [TestCase("--server (or K3S_URL) is needed", "agent")]
    [TestCase("--token (or K3S_TOKEN) is needed", "agent", "--server", "https://nowhere:6443")]
    [TestCase("--tls-san needs a value", "server", "--tls-san")]
    [TestCase("a node needs more than this container may do", "server")]
    public async Task What_cannot_work_ends_with_one_line_that_says_why(string why, params string[] arguments)
    {
        var outcome = await Shell.Run("docker", ["run", "--rm", image, .. arguments]);

        outcome.ExitCode.Should().Be(1);
        outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle(line => !line.Contains("level=info"))
            .Which.Should().Contain(why);
    }

    /// <summary>What a pod hears from a listener; kube-proxy may need a moment for a new Service.</summary>
    private static Task<string> Answer(Api api, string pod, string address, int port) => Shell.Await(
        $"an answer from {address}:{port} to pod {pod}",
        async () => await api.Bash(pod, $"timeout 2 bash -c 'cat </dev/tcp/{address}/{port}' 2>/dev/null") is { Length: > 0 } answer ? answer : null,
        () => api.Bash(pod, $"timeout 2 bash -c 'cat </dev/tcp/{address}/{port}' 2>&1"));

    /// <summary>Boots a node with one more option for the engine and these arguments for k3s.</summary>
    private async Task<Node> Boot(string role, string option, params string[] arguments)
    {
        var node = new Node($"{id}-{role}");
        nodes.Add(node);
        await node.Start(
            image,
            ["--label", $"security.specs/run={id}", "--network", id, "--volume", $"{folder}:/var/lib/rancher/k3s/agent/images:ro", option],
            arguments);
        await node.AwaitReady();
        return node;
    }
}
