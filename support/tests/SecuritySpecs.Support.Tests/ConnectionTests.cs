using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.Tests;

/// <summary>What is told where no API server answers: what was tried, what came back, where to look next.</summary>
[TestFixture]
public sealed class ConnectionTests
{
    private const string Page = "<!DOCTYPE html>\n<html><head>\n<title>Welcome to nginx!</title>\n<style>body { width: 35em; }</style></head><body><h1>Welcome</h1></body></html>";

    [Test]
    public async Task A_server_that_stays_silent_is_told_as_one()
    {
        using var server = new Silent(_ => Task.Delay(Timeout.Infinite));

        (await TellAsync($"http://127.0.0.1:{server.Port}")).Should().Be(
            $"The API server does not answer. GET /version as platform admin: 127.0.0.1:{server.Port} accepts the connection, and sent no answer within 0.3 s. "
            + "Look at whether an API server listens there and is not overloaded (its log), and whether a proxy or firewall stands between.");
    }

    [Test]
    public async Task A_certificate_that_nobody_trusts_is_told_as_one()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=elsewhere", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        using var server = new Silent(async stream =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(certificate);
            await tls.ReadExactlyAsync(new byte[1]);
        });

        (await TellAsync($"https://127.0.0.1:{server.Port}", seconds: 20)).Should().StartWith(
            $"The API server does not answer. GET /version as platform admin: the TLS connection to 127.0.0.1:{server.Port} failed: The remote certificate")
            .And.Contain("Look at certificate-authority-data and server in the kubeconfig").And.NotContain("inner exception");
    }

    [Test]
    public async Task A_server_without_TLS_is_told_as_one()
    {
        await using var server = await LoopbackServer.StartAsync(c => c.Response.WriteAsync("{}"));

        (await TellAsync($"https://127.0.0.1:{server.Url.Port}", seconds: 20)).Should().Contain("the TLS connection to").And.Contain("a server that speaks plain HTTP is http://").And.NotContain("inner exception");
    }

    [Test]
    public async Task A_port_where_nothing_listens_is_told_as_one()
    {
        int port;
        using (var server = new Silent(_ => Task.CompletedTask))
            port = server.Port;

        (await TellAsync($"http://127.0.0.1:{port}", seconds: 20)).Should().Contain($"nothing listens on 127.0.0.1:{port} (connection refused). Look at whether the cluster runs");
    }

    [TestCase(200)]
    [TestCase(404)]
    public async Task Another_web_server_is_told_by_the_title_of_its_page(int code)
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = code;
            return c.Response.WriteAsync(Page);
        });
        var url = server.Url.ToString().TrimEnd('/');

        (await TellAsync(url, seconds: 20)).Should().Be(
            $"{url} answers, but not as a Kubernetes API server does: GET /version -> {code}: a web page, \"Welcome to nginx!\". Look at server in the kubeconfig: host, port and path.");
    }

    [Test]
    public async Task An_account_that_is_no_administrators_is_told_by_the_API_servers_own_words()
    {
        await using var server = await LoopbackServer.StartAsync(c => RefuseAsync(c, 401, "Unauthorized", "Unauthorized"));

        (await TellAsync(server.Url.ToString().TrimEnd('/'), seconds: 20)).Should().EndWith("GET /version as platform admin -> 401 Unauthorized: Unauthorized");
    }

    [Test]
    public async Task A_refused_exec_is_told_by_the_API_servers_own_words()
    {
        await using var server = await LoopbackServer.StartAsync(c => RefuseAsync(c, 404, "NotFound", "pods \"server\" not found"));

        var exec = () => server.Api.ExecAsync("blue", "server", "main", "id", "-u");

        (await exec.Should().ThrowAsync<StreamRefusedException>()).Which.Message.Should().Be(
            "The API server refused the stream: GET /api/v1/namespaces/blue/pods/server/exec?container=main&stdout=1&stderr=1&command=id&command=-u as platform admin -> 404 NotFound: pods \"server\" not found");
    }

    private static Task RefuseAsync(HttpContext context, int code, string reason, string message)
    {
        context.Response.StatusCode = code;
        return context.Response.WriteAsync(new JsonObject { ["kind"] = "Status", ["code"] = code, ["reason"] = reason, ["message"] = message }.ToJsonString());
    }

    private static async Task<string> TellAsync(string url, double seconds = 0.3)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, KubeconfigTests.Good.Replace("https://127.0.0.1:6443", url, StringComparison.Ordinal)
                .Replace("    certificate-authority-data: QUJD\n", "", StringComparison.Ordinal));
            await using var cluster = ExistingCluster.FromKubeconfig(path);
            using var api = new KubeApi(cluster.Admin, "platform admin") { RequestDeadline = TimeSpan.FromSeconds(seconds) };
            var ask = () => Platform.VersionAsync(api, cluster);
            return (await ask.Should().ThrowAsync<EnvironmentException>()).Which.Message;
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Accepts connections, and does with each what a test wants.</summary>
    private sealed class Silent : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Silent(Func<NetworkStream, Task> serve)
        {
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _ = AcceptAsync(serve);
        }

        public int Port { get; }

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync(Func<NetworkStream, Task> serve)
        {
            try
            {
                while (true)
                    _ = serve((await _listener.AcceptTcpClientAsync()).GetStream());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
