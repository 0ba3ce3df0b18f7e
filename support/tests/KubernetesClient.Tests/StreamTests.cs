using System.Net;
using System.Net.WebSockets;
using System.Text;
using FluentAssertions;
using k8s;
using k8s.Autorest;
using NUnit.Framework;

namespace KubernetesClientContract;

[TestFixture]
internal sealed class StreamTests : ContractTest
{
    [TestCase(0)]
    [TestCase(3)]
    public async Task A_command_gives_its_exit_code_and_both_streams(int exitCode)
    {
        using var client = Client("{ token: secret }");
        var (output, error) = ("", "");
        var code = await client.NamespacedPodExecAsync(
            "web", "team", "main", ["say", "out & about", "oh no", $"{exitCode}"], false,
            async (_, stdOut, stdErr) =>
            {
                var reads = await Task.WhenAll(ReadAsync(stdOut), ReadAsync(stdErr));
                (output, error) = (reads[0], reads[1]);
            },
            CancellationToken.None);
        (code, output, error).Should().Be((exitCode, "out & about", "oh no"));
    }

    [Test]
    public async Task A_command_is_asked_for_as_the_api_server_wants_it()
    {
        using var client = Client("{ token: secret }");
        await client.NamespacedPodExecAsync(
            "web", "team", "main", ["say", "a b", "&", "0"], false, (_, _, _) => Task.CompletedTask, CancellationToken.None);
        Server.Last.Query.Should().Be("?command=say&command=a%20b&command=%26&command=0&container=main&stderr=1&stdin=1&stdout=1&tty=0");
        Server.Last.SubProtocol.Should().Be("v4.channel.k8s.io");
        Server.Last.Authorization.Should().Be("Bearer secret");
    }

    [Test]
    public async Task A_certificate_logs_in_to_streams_too()
    {
        using var client = Client(
            $"{{ client-certificate-data: {Base64(Alice.ExportCertificatePem())}, client-key-data: {Base64(Alice.KeyPem())} }}");
        await client.NamespacedPodExecAsync(
            "web", "team", "main", ["say", "", "", "0"], false, (_, _, _) => Task.CompletedTask, CancellationToken.None);
        Server.Last.ClientName.Should().Be("alice");
    }

    [Test]
    public async Task Standard_input_reaches_the_command()
    {
        using var client = Client("{ token: secret }");
        var output = "";
        await client.NamespacedPodExecAsync(
            "web", "team", "main", ["repeat-a-line"], false,
            async (stdIn, stdOut, _) =>
            {
                await stdIn.WriteAsync(Encoding.UTF8.GetBytes("hi"));
                output = await ReadAsync(stdOut);
            },
            CancellationToken.None);
        output.Should().Be("channel 0: hi");
    }

    [Test]
    public async Task A_long_output_arrives_whole_and_in_order()
    {
        using var client = Client("{ token: secret }");
        var output = "";
        await client.NamespacedPodExecAsync(
            "web", "team", "main", ["flood", "20000"], false, async (_, stdOut, _) => output = await ReadAsync(stdOut), CancellationToken.None);
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().Equal(Enumerable.Range(1, 20000).Select(number => $"{number}"));
    }

    [Test]
    public async Task A_command_that_cannot_run_is_an_error_with_the_status()
    {
        using var client = Client("{ token: secret }");
        var exec = () => client.NamespacedPodExecAsync(
            "web", "team", "main", ["fly"], false, (_, _, _) => Task.CompletedTask, CancellationToken.None);
        (await exec.Should().ThrowAsync<KubernetesException>()).Which.Status.Reason.Should().Be("InternalError");
    }

    [Test]
    public async Task A_denied_command_tells_the_status_code_and_loses_the_status()
    {
        using var client = Client($"{{ token: {ApiServer.DeniedToken} }}");
        var exec = () => client.NamespacedPodExecAsync(
            "web", "team", "main", ["say", "", "", "0"], false, (_, _, _) => Task.CompletedTask, CancellationToken.None);
        (await exec.Should().ThrowAsync<WebSocketException>()).WithMessage("*'403'*")
            .Which.WebSocketErrorCode.Should().Be(WebSocketError.NotAWebSocket);
        // The way to the API server's reason: ask for the same without the upgrade.
        (await GetAsync(client, "api/v1/namespaces/team/pods/web/exec?command=ls")).Should().Contain("\"reason\":\"Forbidden\"");
    }

    [Test]
    public async Task What_a_container_prints_is_read_by_attaching()
    {
        using var client = Client("{ token: secret }");
        using var socket = await client.WebSocketNamespacedPodAttachAsync("web", "team", "main", true, false, true, false, "v4.channel.k8s.io");
        using var demuxer = new StreamDemuxer(socket);
        using var stream = demuxer.GetStream(ChannelIndex.StdOut, null);
        demuxer.Start();
        (await ReadAsync(stream)).Should().Be("at work");
        Server.Last.Query.Should().Be("?stderr=1&stdin=0&stdout=1&tty=0&container=main");
    }

    [Test]
    public async Task A_port_is_forwarded_in_both_directions()
    {
        using var client = Client("{ token: secret }");
        using var socket = await client.WebSocketNamespacedPodPortForwardAsync("web", "team", [80], webSocketSubProtocol: "v4.channel.k8s.io");
        using var demuxer = new StreamDemuxer(socket, StreamType.PortForward);
        using var stream = demuxer.GetStream((byte?)0, (byte?)0);
        demuxer.Start();
        await stream.WriteAsync(Encoding.UTF8.GetBytes("quiet"));
        (await ReadAsync(stream)).Should().Be("QUIET");
        Server.Last.Query.Should().Be("?ports=80");
    }

    [Test]
    public async Task A_denied_port_forward_tells_the_status_code()
    {
        using var client = Client($"{{ token: {ApiServer.DeniedToken} }}");
        var forward = () => client.WebSocketNamespacedPodPortForwardAsync("web", "team", [80]);
        (await forward.Should().ThrowAsync<WebSocketException>()).WithMessage("*'403'*");
    }

    [Test]
    public async Task A_denied_operation_has_the_status_in_its_response()
    {
        using var client = Client($"{{ token: {ApiServer.DeniedToken} }}");
        var ask = () => client.Version.GetCodeAsync();
        var error = (await ask.Should().ThrowAsync<HttpOperationException>()).Which;
        error.Response!.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        error.Response.Content.Should().Contain("\"message\":\"not for you\"");
        error.Request!.RequestUri!.AbsolutePath.Should().StartWith("/version");
        error.Body.Should().BeNull();
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }
}
