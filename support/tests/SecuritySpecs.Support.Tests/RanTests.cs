using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.Tests;

/// <summary>What it takes to count as a pod that ran: more than a status, which on an API-only node anybody may write.</summary>
[TestFixture]
public sealed class RanTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(500);
    private JsonObject _container = [];
    private string? _log;
    private LoopbackServer _server = null!;

    [SetUp]
    public async Task Start()
    {
        _container = new() { ["name"] = "main", ["imageID"] = "sha256:1", ["containerID"] = "containerd://1", ["started"] = true };
        _log = "r";
        _server = await LoopbackServer.StartAsync(AnswerAsync);
    }

    [TearDown]
    public async Task Stop() => await _server.DisposeAsync();

    [Test]
    public async Task A_pod_with_an_image_a_started_container_and_a_line_of_output_ran() =>
        ((string)(await WaitAsync())["metadata"]!["name"]!).Should().Be("web");

    [TestCase("imageID", "has no imageID")]
    [TestCase("containerID", "has no containerID")]
    [TestCase("started", "has not started")]
    public async Task A_pod_that_was_set_to_Running_by_hand_did_not(string left, string why)
    {
        _container.Remove(left);
        var wait = () => WaitAsync();
        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage($"*ready by its status, but container main {why}*");
        (await Pods().WaitPlacedAsync("web")).Should().NotBeNull("it has its place");
    }

    [TestCase("")]
    [TestCase(null)]
    public async Task Nor_did_one_of_which_no_kubelet_has_a_line_of_output(string? log)
    {
        _log = log;
        var wait = () => WaitAsync();
        (await wait.Should().ThrowAsync<TimeoutException>()).WithMessage("*a line of output of pod blue/web*");
    }

    private PodDriver Pods() => new(_server.Api, RunOptions.FromEnvironment().Manifests, "blue", "default");

    private Task<JsonNode> WaitAsync() => Pods().WaitReadyAsync("web", Deadline);

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path.Value!.EndsWith("/log", StringComparison.Ordinal))
        {
            context.Response.StatusCode = _log is null ? 500 : 200;
            await context.Response.WriteAsync(_log ?? """{"kind":"Status","reason":"InternalError","message":"dial tcp: no route to host"}""");
            return;
        }

        if (context.Request.Query.ContainsKey("watch"))
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        await context.Response.WriteAsync(new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "web", ["uid"] = "1", ["resourceVersion"] = "1" },
            ["spec"] = new JsonObject { ["nodeName"] = "h100-1", ["containers"] = new JsonArray(new JsonObject { ["name"] = "main" }) },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running", ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
                ["containerStatuses"] = new JsonArray(_container.DeepClone()),
            },
        }.ToJsonString());
    }
}
