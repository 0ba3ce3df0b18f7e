using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.Network;

namespace SecuritySpecs.Tests;

/// <summary>Pods are asked through port-forwards of an API server, behind which a test says what they have seen.</summary>
[TestFixture]
public sealed class ProberTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);
    private Func<JsonArray, Task<JsonArray>> _pod = null!;
    private bool _refuses;
    private LoopbackServer _pods = null!;
    private LoopbackServer _server = null!;
    private Prober _prober = null!;

    [SetUp]
    public async Task Start()
    {
        _refuses = false;
        _pods = await LoopbackServer.StartAsync(async context =>
        {
            var order = await JsonNode.ParseAsync(context.Request.Body);
            await context.Response.WriteAsync((await _pod(order!["targets"]!.AsArray())).ToJsonString());
        });
        _server = await LoopbackServer.StartAsync(ForwardAsync);
        _prober = new(_server.Api);
    }

    [TearDown]
    public async Task Stop()
    {
        Dispose();
        await _server.DisposeAsync();
        await _pods.DisposeAsync();
    }

    public void Dispose() => _prober.Dispose();

    [Test]
    public async Task Each_pod_is_asked_once_for_all_of_its_targets_and_what_it_saw_is_told_in_order()
    {
        var orders = 0;
        _pod = targets =>
        {
            Interlocked.Increment(ref orders);
            return Task.FromResult(Reports([.. targets.Select(t => (string)t! == "http://10.0.0.1/" ? "open" : "refused"), "open"]));
        };

        var seen = await _prober.LookAsync([Cell(1, "http://10.0.0.1/"), Cell(2, "http://10.0.0.1/"), Cell(1, "http://10.0.0.2/")], Timeout);

        seen.Select(o => o.Result).Should().Equal(ProbeResult.Open, ProbeResult.Open, ProbeResult.Refused);
        orders.Should().Be(2);
    }

    [Test]
    public async Task A_pod_that_does_not_hear_itself_has_heard_no_silence()
    {
        _pod = _ => Task.FromResult(Reports("timeout", "open", "refused", "timeout"));

        var seen = await _prober.LookAsync([Cell(1, "http://10.0.0.1/"), Cell(1, "http://10.0.0.2/"), Cell(1, "http://10.0.0.3/")], Timeout);

        seen.Select(o => o.Result).Should().Equal(ProbeResult.Starved, ProbeResult.Open, ProbeResult.Refused);
    }

    [Test]
    public async Task A_pod_that_cannot_be_asked_has_seen_nothing_and_the_reason_is_kept()
    {
        _refuses = true;

        var seen = (await _prober.LookAsync([Cell(1, "http://10.0.0.1/")], Timeout)).Single();

        seen.Result.Should().Be(ProbeResult.NotAsked);
        seen.AnsweredBy.Should().Contain("connection refused: nobody listens");
    }

    [Test]
    public async Task No_more_pods_are_asked_at_once_than_the_machine_bears()
    {
        var most = 6 * Environment.ProcessorCount;
        var (asked, highest, counting, full) = (0, 0, new Lock(), new TaskCompletionSource());
        _pod = async _ =>
        {
            lock (counting)
                highest = Math.Max(highest, ++asked);
            if (highest >= most)
                full.TrySetResult();
            // Whoever comes beyond that comes while all of them are here.
            await full.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await Task.Delay(100);
            lock (counting)
                asked--;
            return Reports("open", "open");
        };

        var seen = await _prober.LookAsync([.. Enumerable.Range(0, most + 5).Select(i => Cell(i, "http://10.0.0.1/"))], Timeout);

        seen.Should().OnlyContain(o => o.IsOpen);
        highest.Should().Be(most);
    }

    private static (ProbeSource Source, ProbeTarget Target) Cell(int pod, string url) => (new($"pod {pod}", "blue", $"pod-{pod}"), new(url, url));

    // The last is of the pod's own loopback.
    private static JsonArray Reports(params string[] results) => [.. results.Select(r => (JsonNode)new JsonObject { ["result"] = r, ["latencyMs"] = 1 })];

    // As the API server and the kubelet do: two channels, each begun by the port's number; the second is for what went wrong.
    private async Task ForwardAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
        await SendAsync(socket, 0, BitConverter.GetBytes((ushort)Prober.ControlPort));
        await SendAsync(socket, 1, BitConverter.GetBytes((ushort)Prober.ControlPort));
        if (_refuses)
        {
            await SendAsync(socket, 1, "connection refused: nobody listens"u8.ToArray());
            return;
        }

        using var pod = new TcpClient();
        await pod.ConnectAsync("127.0.0.1", _pods.Url.Port);
        await Task.WhenAny(UpAsync(socket, pod.GetStream()), DownAsync(socket, pod.GetStream()));
    }

    private static async Task UpAsync(WebSocket socket, NetworkStream pod)
    {
        var message = new byte[64 * 1024];
        while (await socket.ReceiveAsync(message, default) is { MessageType: not WebSocketMessageType.Close } part)
            await pod.WriteAsync(message.AsMemory(1, part.Count - 1));
    }

    private static async Task DownAsync(WebSocket socket, NetworkStream pod)
    {
        var part = new byte[16 * 1024];
        while (await pod.ReadAsync(part) is > 0 and var length)
            await SendAsync(socket, 0, part[..length]);
    }

    private static Task SendAsync(WebSocket socket, byte channel, byte[] content) =>
        socket.SendAsync((byte[])[channel, .. content], WebSocketMessageType.Binary, true, default);
}
