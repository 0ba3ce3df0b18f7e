using Microsoft.AspNetCore.Http;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

/// <summary>What a run stands on is missed when it goes; what is away for a moment is not.</summary>
[TestFixture]
public sealed class PlatformHealthTests
{
    private const string Nodes = "/api/v1/nodes";
    private const string Node = """
        {"items": [{"metadata": {"name": "a100-1"}, "spec": {}, "status": {"allocatable": {"nvidia.com/gpu": "8"}, "conditions": [{"type": "Ready", "status": "True"}]}}]}
        """;

    private const string Healthz = "/api/v1/nodes/a100-1/proxy/healthz";

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

        (await health.ProblemAsync() is { } problem && problem.Contains($"moved by {seconds:+0;-0} s", StringComparison.Ordinal)).Should().Be(isNamed);
    }

    // A cluster with GPUs of its own: one node, and nothing of ours on it.
    private static async Task<PlatformHealth> OfAsync(LoopbackServer server, TimeSpan patience, KubeApi? api = null, TimeProvider? clock = null)
    {
        var options = RunOptions.FromEnvironment() with { FleetImage = null };
        var fleet = await GpuFleet.DeployAsync(server.Api, options.Manifests, FleetFile.Read(Path.Combine(options.Fixtures, "fleet.yaml")), () => Task.CompletedTask);
        return new(api ?? server.Api, fleet, clock) { Patience = patience };
    }

    private static Task AnswerAsync(HttpContext context, int code)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(code == 200 ? Node : """{"kind": "Status", "message": "said so"}""");
    }

    private sealed class SettableClock : TimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;
    }
}
