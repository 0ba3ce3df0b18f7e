using System.Net.Sockets;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>What calls from its first instant.</summary>
[TestFixture]
public sealed class KnockTests
{
    [Test]
    public async Task It_tells_when_each_target_was_reached_first_and_last()
    {
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        using var late = ClosedPort();
        using var never = ClosedPort();
        var knock = KnockAsync($"tcp://127.0.0.1:{Port(open)}", $"tcp://127.0.0.1:{Port(late)}", $"tcp://127.0.0.1:{Port(never)}", "--for-ms", "3000");
        // A server that comes later than the one who calls.
        for (var calls = 0; calls < 3; calls++)
            (await open.AcceptTcpClientAsync()).Dispose();
        late.Listen();

        var report = await knock;

        var results = report.GetProperty("targets").EnumerateArray().ToList();
        var end = report.GetProperty("endMs").GetDouble();
        end.Should().BeGreaterThan(3000);
        report.GetProperty("firstTryMs").GetDouble().Should().BePositive().And.BeLessThan(end);
        results[0].GetProperty("open").GetInt32().Should().BeInRange(3, results[0].GetProperty("tries").GetInt32());
        results[0].GetProperty("lastOpenMs").GetDouble().Should().BeGreaterThan(results[0].GetProperty("firstOpenMs").GetDouble()).And.BeLessThanOrEqualTo(end);
        results[1].GetProperty("firstOpenMs").GetDouble().Should().BeGreaterThan(results[0].GetProperty("firstOpenMs").GetDouble());
        results[1].GetProperty("open").GetInt32().Should().BeLessThan(results[1].GetProperty("tries").GetInt32());
        results[2].GetProperty("open").GetInt32().Should().Be(0);
        results[2].GetProperty("tries").GetInt32().Should().BeGreaterThan(3);
        results[2].GetProperty("lastOpenMs").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Test]
    public async Task It_ends_early_once_a_target_keeps_quiet()
    {
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();

        using var closed = ClosedPort();

        var report = await KnockAsync($"tcp://127.0.0.1:{Port(open)}", $"tcp://127.0.0.1:{Port(closed)}", "--for-ms", "30000", "--quiet-ms", "200");

        (report.GetProperty("endMs").GetDouble() - report.GetProperty("firstTryMs").GetDouble()).Should().BeInRange(200, 20000);
    }

    [Test]
    public async Task A_connection_that_is_held_carries_every_request_until_it_is_cut()
    {
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        var knock = KnockAsync($"tcp://127.0.0.1:{Port(open)}", "--hold", "--for-ms", "1500");
        var answered = 0;
        using (var connection = await open.AcceptTcpClientAsync())
        {
            for (var buffer = new byte[1024]; answered < 3 && await connection.GetStream().ReadAsync(buffer) > 0; answered++)
                await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        }

        var result = (await knock).GetProperty("targets")[0];

        result.GetProperty("open").GetInt32().Should().Be(answered);
        result.GetProperty("tries").GetInt32().Should().BeGreaterThan(answered, "what is cut stays cut: nothing connects anew");
        open.Pending().Should().BeFalse();
    }

    [TestCase("'http://127.0.0.1:80' is no target", "http://127.0.0.1:80")]
    [TestCase("'tcp://server:80' is no target", "tcp://server:80")]
    [TestCase("a target is expected")]
    public async Task What_is_no_target_is_refused(string why, params string[] targets)
    {
        var result = await FleetProcess.RunAsync(["knock", .. targets]);

        result.ExitCode.Should().Be(2);
        result.Errors.Should().Contain(why);
    }

    private static async Task<JsonElement> KnockAsync(params string[] args)
    {
        var result = await FleetProcess.RunAsync(["knock", .. args]);
        result.ExitCode.Should().Be(0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    // Refuses connections until somebody listens, and nobody else can have it meanwhile: not another test, nor the caller as its own port.
    private static Socket ClosedPort()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
