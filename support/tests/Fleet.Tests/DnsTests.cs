using System.Net.Sockets;
using SecuritySpecs.FleetProgram.Network;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>Questions about names: a resolver that knows every name, and a probe that asks one.</summary>
[TestFixture]
public sealed class DnsTests
{
    // An answer to a question for one.web.svc, as a real server compresses it: an alias, and an address under the alias's target.
    private const string Compressed =
        "126781800001000200000000" + "036f6e65037765620373766300" + "00010001" + "c00c0005000100000005000603747769c010" + "c02900010001000000050004" + "0a2a0007";

    [Test]
    public async Task A_prober_with_a_port_for_names_knows_every_name_by_UDP_and_TCP()
    {
        var (port, names) = (FreePort(), FreePort());
        await using var prober = FleetProcess.Start("prober", "--port", $"{port}", "--dns-port", $"{names}");
        await prober.SaysAsync($"answering on port {port}");

        foreach (var scheme in new[] { "dns", "dns+tcp" })
        {
            var report = await ProbeAsync($"{scheme}://127.0.0.1:{names}/some.secret.example.com");
            report.GetProperty("result").GetString().Should().Be("open", scheme);
            report.GetProperty("body").GetString().Should().Be("NOERROR A 192.0.2.53", scheme);
        }

        (await prober.TerminateAsync()).ExitCode.Should().Be(0);
    }

    [TestCase("dns")]
    [TestCase("dns+tcp")]
    public async Task Where_nobody_answers_for_names_it_is_refused(string scheme) =>
        (await ProbeAsync($"{scheme}://127.0.0.1:{FreePort()}/a.b")).GetProperty("result").GetString().Should().Be("refused");

    [Test]
    public async Task A_server_of_something_else_is_no_resolver()
    {
        var (port, udp) = (FreePort(), FreePort());
        await using var prober = FleetProcess.Start("prober", "--port", $"{port}", "--udp-port", $"{udp}");
        await prober.SaysAsync($"answering on port {port}");

        (await ProbeAsync($"dns://127.0.0.1:{udp}/a.b")).GetProperty("result").GetString().Should().Be("closed");
        (await ProbeAsync($"dns+tcp://127.0.0.1:{port}/a.b", "--timeout-ms", "1000")).GetProperty("result").GetString().Should().NotBe("open");
    }

    [TestCase("dns://127.0.0.1/")]
    [TestCase("dns://127.0.0.1")]
    [TestCase("imaps://127.0.0.1/")]
    public async Task A_target_without_a_name_or_of_another_kind_is_refused(string target)
    {
        var result = await FleetProcess.RunAsync(["probe", target]);

        result.ExitCode.Should().Be(2);
        result.Errors.Should().Contain($"'{target}' is no target").And.Contain("dns://SERVER/NAME");
    }

    [Test]
    public void Names_that_point_back_into_the_message_are_read()
    {
        var answer = DnsMessage.Read(Convert.FromHexString(Compressed), 0x1267)!;

        answer.ToString().Should().Be("NOERROR CNAME twi.web.svc A 10.42.0.7");
    }

    [Test]
    public void A_name_that_points_to_itself_is_no_message()
    {
        var loop = Convert.FromHexString("126781800001000000000000" + "c00c" + "00010001");

        FluentActions.Invoking(() => DnsMessage.Read(loop, 0x1267)).Should().Throw<FormatException>();
    }

    [Test]
    public void A_message_that_breaks_off_is_none_wherever_it_does()
    {
        var whole = Convert.FromHexString(Compressed);

        for (var length = 0; length < whole.Length; length++)
            FluentActions.Invoking(() => DnsMessage.Read(whole[..length], 0x1267)).Should().Throw<FormatException>("it has {0} of {1} bytes", length, whole.Length);
    }

    [TestCase(0x1268)]
    [TestCase(0)]
    public void The_answer_to_another_question_is_none(int number) => DnsMessage.Read(Convert.FromHexString(Compressed), (ushort)number).Should().BeNull();

    [Test]
    public void A_question_is_answered_with_its_own_number_and_only_for_an_address()
    {
        var address = IPAddress.Parse("192.0.2.1");

        DnsMessage.Read(DnsMessage.Reply(DnsMessage.Question(7, "a.b", DnsMessage.Type.A), address)!, 7)!.ToString().Should().Be("NOERROR A 192.0.2.1");
        DnsMessage.Read(DnsMessage.Reply(DnsMessage.Question(7, "a.b", DnsMessage.Type.Srv), address)!, 7)!.ToString().Should().Be("NOERROR");
        DnsMessage.Reply("who are you?"u8.ToArray(), address).Should().BeNull();
        DnsMessage.Reply(Convert.FromHexString(Compressed), address).Should().BeNull("an answer is no question");
    }

    [TestCase("a..b")]
    [TestCase("")]
    public void A_name_with_an_empty_part_is_none(string name) =>
        FluentActions.Invoking(() => DnsMessage.Question(0, name, DnsMessage.Type.A)).Should().Throw<ArgumentException>();

    private static async Task<JsonElement> ProbeAsync(params string[] args)
    {
        var result = await FleetProcess.RunAsync(["probe", .. args]);
        result.ExitCode.Should().Be(0, result.Errors);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
