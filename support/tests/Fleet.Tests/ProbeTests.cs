using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The two ends of a network check.</summary>
[TestFixture]
public sealed class ProbeTests
{
    [Test]
    public async Task A_prober_says_who_it_is_and_is_open()
    {
        var port = FreePort();
        var environment = new Dictionary<string, string> { ["POD_NAME"] = "server", ["POD_NAMESPACE"] = "green", ["NODE_NAME"] = "a100-1" };
        await using var prober = FleetProcess.Start(environment, "prober", "--port", $"{port}");
        await prober.SaysAsync($"answering on port {port}");

        var report = await ProbeAsync($"http://127.0.0.1:{port}/");
        report.GetProperty("target").GetString().Should().Be($"http://127.0.0.1:{port}/");
        report.GetProperty("result").GetString().Should().Be("open");
        report.GetProperty("status").GetInt32().Should().Be(200);
        report.GetProperty("latencyMs").GetDouble().Should().BePositive();
        report.GetProperty("body").GetString().Should().Be("""{"pod":"server","namespace":"green","node":"a100-1"}""");

        (await ProbeAsync($"http://127.0.0.1:{port}/other")).GetProperty("status").GetInt32().Should().Be(404);
        (await ProbeAsync($"tcp://127.0.0.1:{port}")).GetProperty("result").GetString().Should().Be("open");
        (await prober.TerminateAsync()).ExitCode.Should().Be(0);
    }

    [TestCase("http")]
    [TestCase("tcp")]
    public async Task A_port_without_a_listener_is_refused(string scheme)
    {
        var report = await ProbeAsync($"{scheme}://127.0.0.1:{FreePort()}");
        report.GetProperty("result").GetString().Should().Be("refused");
        report.GetProperty("status").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Test]
    public async Task A_server_that_never_answers_is_a_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var report = await ProbeAsync($"http://127.0.0.1:{Port(silent)}/", "--timeout-ms", "300");
        report.GetProperty("result").GetString().Should().Be("timeout");
        report.GetProperty("latencyMs").GetDouble().Should().BeInRange(290, 2000);
    }

    [Test]
    public async Task A_server_that_hangs_up_is_closed()
    {
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        _ = HangUpAsync(rude);
        var report = await ProbeAsync($"http://127.0.0.1:{Port(rude)}/");
        report.GetProperty("result").GetString().Should().Be("closed");
    }

    [Test]
    public async Task A_name_that_nobody_knows_is_unresolved()
    {
        var report = await ProbeAsync("http://no-such-host.invalid/", "--timeout-ms", "8000");
        report.GetProperty("result").GetString().Should().Be("unresolved");
    }

    [Test]
    public async Task Only_the_start_of_a_long_answer_is_shown()
    {
        using var talker = new TcpListener(IPAddress.Loopback, 0);
        talker.Start();
        var talk = TalkAsync(talker, new string('x', 5000));
        var report = await ProbeAsync($"http://127.0.0.1:{Port(talker)}/");
        report.GetProperty("body").GetString().Should().Be(new string('x', 200));
        await talk;
    }

    private static async Task<JsonElement> ProbeAsync(params string[] args)
    {
        var result = await FleetProcess.RunAsync(["probe", .. args]);
        result.ExitCode.Should().Be(0, result.Errors);
        result.Output.Should().NotContain("\n", "it is one line of JSON");
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static async Task HangUpAsync(TcpListener listener)
    {
        while (true) // an HTTP client may try again; ends with the listener
            (await listener.AcceptTcpClientAsync()).Dispose();
    }

    private static async Task TalkAsync(TcpListener listener, string body)
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var request = new StreamReader(client.GetStream());
        while (await request.ReadLineAsync() is { Length: > 0 })
        {
            // To be read whole: closing a connection with unread bytes resets it.
        }
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Port(listener);
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
