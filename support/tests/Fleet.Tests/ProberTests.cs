using System.Net.NetworkInformation;
using System.Net.Sockets;
using SecuritySpecs.FleetProgram.Network;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>A prober that is told to try many targets at once.</summary>
[TestFixture]
public sealed class ProberTests : IDisposable
{
    private static readonly Dictionary<string, string> s_environment = new() { ["POD_NAME"] = "client", ["POD_NAMESPACE"] = "blue", ["NODE_NAME"] = "a100-1" };

    private readonly int _http = FreePort();
    private readonly int _second = FreePort();
    private readonly int _udp = FreePort();
    private readonly int _control = FreePort();
    private readonly HttpClient _client = new();
    private FleetProcess _prober = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _prober = FleetProcess.Start(s_environment, "prober", "--port", $"{_http},{_second}", "--udp-port", $"{_udp}", "--control-port", $"{_control}");
        await _prober.SaysAsync($"answering on port {_http}, {_second} and UDP port {_udp}");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        (await _prober.TerminateAsync()).ExitCode.Should().Be(0);
        await _prober.DisposeAsync();
    }

    public void Dispose() => _client.Dispose();

    [Test]
    public async Task Every_target_is_reported_in_order_with_who_answered()
    {
        string[] targets = [$"http://127.0.0.1:{_http}/", $"http://127.0.0.1:{_second}/", $"udp://127.0.0.1:{_udp}", $"tcp://127.0.0.1:{_http}", $"tcp://127.0.0.1:{FreePort()}", $"udp://127.0.0.1:{FreePort()}"];
        var reports = await ProbeAsync(targets, 5000);

        reports.Select(r => r.GetProperty("target").GetString()).Should().Equal(targets);
        reports.Select(r => r.GetProperty("result").GetString()).Should().Equal("open", "open", "open", "open", "refused", "refused");
        reports.Take(3).Select(r => r.GetProperty("body").GetString()).Should().OnlyContain(b => b == """{"pod":"client","namespace":"blue","node":"a100-1"}""");
        reports.Should().OnlyContain(r => r.GetProperty("latencyMs").GetDouble() > 0);
    }

    [Test]
    public async Task Silence_costs_one_timeout_however_many_keep_silent()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        using var deaf = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Start();
        var clock = Stopwatch.StartNew();
        var reports = await ProbeAsync([
            .. Enumerable.Repeat($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/", 40),
            .. Enumerable.Repeat($"udp://127.0.0.1:{((IPEndPoint)deaf.Client.LocalEndPoint!).Port}", 40), $"http://127.0.0.1:{_http}/",
        ], 600);

        clock.ElapsedMilliseconds.Should().BeInRange(590, 3000);
        reports.Select(r => r.GetProperty("result").GetString()).Should().Equal([.. Enumerable.Repeat("timeout", 80), "open"]);
        reports[^1].GetProperty("latencyMs").GetDouble().Should().BeLessThan(590);
    }

    [Test]
    public async Task Nobody_counts_as_silent_while_others_still_answer()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        TcpListener[] late = [new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0), new(IPAddress.Loopback, 0)];
        var answers = late.Select((server, i) => AnswerLateAsync(server, TimeSpan.FromMilliseconds(500 * (i + 1)))).ToList();
        var reports = await ProbeAsync([.. late.Prepend(silent).Select(s => $"http://127.0.0.1:{((IPEndPoint)s.LocalEndpoint).Port}/")], 900);

        reports.Select(r => r.GetProperty("result").GetString()).Should().Equal("timeout", "open", "open", "open");
        reports[0].GetProperty("latencyMs").GetDouble().Should().BeGreaterThan(1500 + 890, "it had as long after the last answer");
        await Task.WhenAll(answers);
    }

    [Test]
    public async Task Where_not_even_the_own_loopback_answers_soon_silence_takes_longer()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var slow = new TcpListener(IPAddress.Loopback, 0);
        var answer = AnswerLateAsync(slow, TimeSpan.FromMilliseconds(700));
        var reports = await Probe.AllAsync([Of(silent)], TimeSpan.FromMilliseconds(100), default, Of(slow));

        reports.Select(r => r.Result).Should().Equal("timeout", "open");
        reports[0].LatencyMs.Should().BeInRange(1390, 4000, "it had as long after the loopback's answer as that took");
        await answer;

        static Probe Of(TcpListener server) => Probe.Of($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}/");
    }

    [Test]
    public async Task A_datagram_that_is_lost_is_sent_again()
    {
        using var forgetful = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var answer = AnswerTheSecondAsync(forgetful);
        var reports = await ProbeAsync([$"udp://127.0.0.1:{((IPEndPoint)forgetful.Client.LocalEndPoint!).Port}"], 2000);
        reports.Single().GetProperty("result").GetString().Should().Be("open");
        await answer;
    }

    [Test]
    public async Task Nobody_outside_the_pod_can_have_it_try_anything()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces().SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        if (address is null)
            Assert.Ignore("This machine has no address but its loopback.");
        using var socket = new TcpClient();
        (await socket.Invoking(s => s.ConnectAsync(address!, _control)).Should().ThrowAsync<SocketException>()).Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);
        (await PostAsync(_http, """{"targets":[],"timeoutMs":1}""")).StatusCode.Should().Be(HttpStatusCode.NotFound, "its open ports take no orders");
    }

    [TestCase("""{"targets":["nonsense"],"timeoutMs":100}""", "'nonsense' is no target")]
    [TestCase("""{"targets":[],"timeoutMs":0}""", "timeoutMs from 1 to 60000")]
    [TestCase("""{"timeoutMs":100}""", "targets, a list")]
    [TestCase("""not JSON""", "is an invalid")]
    public async Task Nonsense_is_refused_in_one_line(string order, string says)
    {
        var response = await PostAsync(_control, order);
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().Contain(says).And.NotContain("\n");
    }

    private static async Task AnswerLateAsync(TcpListener server, TimeSpan delay)
    {
        using (server)
        {
            server.Start();
            using var client = await server.AcceptTcpClientAsync();
            await Task.Delay(delay);
            await client.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray());
        }
    }

    private async Task<List<JsonElement>> ProbeAsync(string[] targets, int timeoutMs)
    {
        var response = await PostAsync(_control, JsonSerializer.Serialize(new { targets, timeoutMs }));
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        List<JsonElement> reports = [.. JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray()];
        reports.Should().HaveCount(targets.Length + 1);
        reports[^1].GetProperty("target").GetString().Should().Be($"http://127.0.0.1:{_control}/", "its own loopback comes last");
        reports[^1].GetProperty("result").GetString().Should().Be("open");
        return reports[..^1];
    }

    private async Task<HttpResponseMessage> PostAsync(int port, string json)
    {
        using var content = new StringContent(json);
        return await _client.PostAsync($"http://127.0.0.1:{port}/probe", content);
    }

    private static async Task AnswerTheSecondAsync(UdpClient server)
    {
        await server.ReceiveAsync();
        var question = await server.ReceiveAsync();
        await server.SendAsync(Encoding.ASCII.GetBytes("yes"), question.RemoteEndPoint);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
