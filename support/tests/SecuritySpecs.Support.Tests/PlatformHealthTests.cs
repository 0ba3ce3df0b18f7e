using Microsoft.AspNetCore.Http;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

/// <summary>What a run stands on is missed when it goes; what is away for a moment is not.</summary>
[TestFixture]
public sealed class PlatformHealthTests
{
    private const string Nodes = "/api/v1/nodes";
    private static readonly string Node = NodeWith(8, "{}");

    private const string Healthz = "/api/v1/nodes/a100-1/proxy/healthz";
    private const string DaemonSets = $"/apis/apps/v1/namespaces/{GpuFleet.Namespace}/daemonsets";

    [TestCase(Nodes, 401, "no longer accepts the administrator's login")]
    [TestCase(Nodes, 403, "may no longer read what is to be judged")]
    [TestCase(Healthz, 503, "The kubelet of node a100-1 is not well")]
    public async Task What_is_gone_is_named_and_stays_gone(string path, int code, string problem)
    {
        var isGone = false;
        await using var server = await LoopbackServer.StartAsync(c => AnswerAsync(c, c.Request.Path == path && isGone ? code : 200));
        var health = await OfAsync(server, TimeSpan.Zero);

        (await health.ProblemAsync()).Should().BeNull();
        isGone = true;
        (await health.ProblemAsync()).Should().Contain(problem);
        (await health.ProblemAtTheEndAsync()).Should().Contain(problem);
        isGone = false;
        (await health.ProblemAsync()).Should().Contain(problem, "a run is not mended in the middle");
        health.IsBroken.Should().BeTrue();
    }

    [Test]
    public async Task A_kubelet_that_is_back_soon_is_no_problem()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(c => AnswerAsync(c, c.Request.Path == Healthz && ++asked < 3 ? 503 : 200));
        var health = await OfAsync(server, TimeSpan.FromSeconds(30));

        (await health.ProblemAsync()).Should().BeNull();
        asked.Should().Be(3);
    }

    [Test]
    public async Task A_kubelet_that_never_answers_is_named()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Request.Path == Healthz ? Task.Delay(Timeout.Infinite, c.RequestAborted) : AnswerAsync(c, 200));
        var health = await OfAsync(server, TimeSpan.Zero);

        (await health.ProblemAsync()).Should().StartWith("The kubelet of node a100-1 does not answer within");
    }

    [TestCase(404, 1, TestName = "A device plugin of ours that was deleted is named")]
    [TestCase(200, 0, TestName = "A device plugin of ours that is not ready is named")]
    public async Task A_device_plugin_of_ours_is_named(int code, int ready)
    {
        var fleet = new OwnFleet();
        await using var server = await LoopbackServer.StartAsync(fleet.AnswerAsync);
        var health = await OwnFleet.HealthAsync(server);
        (await health.ProblemAsync()).Should().BeNull();

        (fleet.PluginCode, fleet.ReadyPlugins) = (code, ready);

        (await health.ProblemAsync()).Should().StartWith("The device plugin no longer runs on every real node");
        (await health.ProblemAtTheEndAsync()).Should().StartWith("The device plugin no longer runs on every real node");
    }

    [Test]
    public async Task A_GPU_that_is_no_longer_offered_is_named_at_the_end_alone()
    {
        var fleet = new OwnFleet();
        await using var server = await LoopbackServer.StartAsync(fleet.AnswerAsync);
        var health = await OwnFleet.HealthAsync(server);
        (await health.ProblemAtTheEndAsync()).Should().BeNull();

        fleet.Gpus = 7;

        (await health.ProblemAsync()).Should().BeNull("a scenario may have made it unhealthy");
        (await health.ProblemAtTheEndAsync()).Should().StartWith("The fleet no longer offers its 8 GPUs (a100-1: 7)");
    }

    [Test]
    public async Task Scenarios_that_fail_within_the_same_seconds_share_one_look()
    {
        var looks = 0;
        await using var server = await LoopbackServer.StartAsync(c => AnswerAsync(c, c.Request.Path == Healthz && Interlocked.Increment(ref looks) > 1 ? 503 : 200));
        var health = await OfAsync(server, TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => health.ProblemAsync()));
        await health.ProblemAsync();

        looks.Should().Be(1);
    }

    [Test]
    public async Task An_administrator_who_is_kept_from_the_kubelets_port_hears_nothing_bad_of_it()
    {
        await using var server = await LoopbackServer.StartAsync(c => AnswerAsync(c, c.Request.Path == Healthz ? 403 : 200));

        (await (await OfAsync(server, TimeSpan.Zero)).ProblemAsync()).Should().BeNull();
    }

    [Test]
    public async Task An_API_server_that_is_gone_is_named()
    {
        var server = await LoopbackServer.StartAsync(c => AnswerAsync(c, 200));
        using var api = new KubeApi(new() { Host = server.Url.AbsoluteUri }, "platform admin");
        var health = await OfAsync(server, TimeSpan.Zero, api);
        (await health.ProblemAsync()).Should().BeNull();
        await server.DisposeAsync();

        (await health.ProblemAsync()).Should().StartWith("The API server no longer answers.").And.Contain("nothing listens on");
    }

    [TestCase(3600, true)]
    [TestCase(-3600, true)]
    [TestCase(5, false)]
    public async Task A_clock_that_is_set_is_named_unless_it_moves_by_seconds(int seconds, bool isNamed)
    {
        var clock = new SettableClock();
        await using var server = await LoopbackServer.StartAsync(c => AnswerAsync(c, 200));
        var health = await OfAsync(server, TimeSpan.Zero, clock: clock);
        clock.Moved = TimeSpan.FromSeconds(seconds);

        foreach (var problem in (string?[])[await health.ProblemAsync(), await health.ProblemAtTheEndAsync()])
            (problem?.Contains($"moved by {seconds:+0;-0} s", StringComparison.Ordinal) == true).Should().Be(isNamed);
    }

    // A cluster with GPUs of its own: one node, and nothing of ours on it.
    private static async Task<PlatformHealth> OfAsync(LoopbackServer server, TimeSpan patience, KubeApi? api = null, TimeProvider? clock = null)
    {
        var options = RunOptions.FromEnvironment() with { FleetImage = null };
        var fleet = await GpuFleet.DeployAsync(server.Api, options.Manifests, FleetFile.Read(Path.Combine(options.Fixtures, "fleet.yaml")), () => Task.CompletedTask);
        return new(api ?? server.Api, fleet, clock: clock) { Patience = patience, KubeletPatience = TimeSpan.FromSeconds(1) };
    }

    private static string NodeWith(int gpus, string labels) => $$$"""
        {"items": [{"metadata": {"name": "a100-1", "labels": {{{labels}}}}, "spec": {}, "status": {"allocatable": {"nvidia.com/gpu": "{{{gpus}}}"}, "conditions": [{"type": "Ready", "status": "True"}]}}]}
        """;

    private static Task AnswerAsync(HttpContext context, int code)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(code == 200 ? Node : """{"kind": "Status", "message": "said so"}""");
    }

    /// <summary>As much of a cluster as it takes to deploy a fleet of one node on it.</summary>
    private sealed class OwnFleet
    {
        public int PluginCode { get; set; } = 200;

        public int ReadyPlugins { get; set; } = 1;

        public int Gpus { get; set; } = 8;

        public static async Task<PlatformHealth> HealthAsync(LoopbackServer server)
        {
            var options = RunOptions.FromEnvironment() with { FleetImage = "fleet" };
            var file = FleetFile.Parse("""
                resource: nvidia.com/gpu
                pools: [{name: a100, product: A100, memoryMiB: 81920, nodes: 1, gpusPerNode: 8, realNodes: 1}]
                """);
            return new(server.Api, await GpuFleet.DeployAsync(server.Api, options.Manifests, file, () => Task.CompletedTask)) { Patience = TimeSpan.Zero };
        }

        public Task AnswerAsync(HttpContext context)
        {
            var path = context.Request.Path.Value!;
            var isPlugin = path.StartsWith(DaemonSets + "/", StringComparison.Ordinal);
            context.Response.StatusCode = isPlugin ? PluginCode : 200;
            return context.Response.WriteAsync(
                path == "/apis/apps/v1" ? """{"resources": [{"name": "daemonsets", "kind": "DaemonSet", "namespaced": true}]}"""
                : isPlugin ? $$$"""{"metadata": {"generation": 1}, "status": {"observedGeneration": 1, "desiredNumberScheduled": 1, "updatedNumberScheduled": 1, "numberReady": {{{ReadyPlugins}}}}}"""
                : path == Nodes ? NodeWith(Gpus, $$"""{"{{GpuFleet.RealNodeLabel}}": "a100"}""")
                : "{}");
        }
    }

    private sealed class SettableClock : TimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;
    }
}
