using System.Net.WebSockets;
using System.Security.Authentication;
using FluentAssertions;
using k8s;
using NUnit.Framework;

namespace KubernetesClientContract;

[TestFixture]
internal sealed class TlsTests : ContractTest
{
    private const string Token = "{ token: secret }";

    [Test]
    public async Task The_file_s_own_authority_is_trusted()
    {
        using var client = Client(Token);
        (await GetAsync(client)).Should().Be("hello");
    }

    [Test]
    public async Task An_authority_s_file_is_found_beside_the_kubeconfig()
    {
        WriteFile("pki/ca.crt", Authority.Pem);
        using var client = Client(Token, $"{{ server: \"{Server.Url}\", certificate-authority: pki/ca.crt }}");
        (await GetAsync(client)).Should().Be("hello");
    }

    [Test]
    public async Task Any_of_several_authorities_will_do()
    {
        using var other = new Authority("another CA");
        using var client = Client(Token, Cluster(other.Pem + "\n" + Authority.Pem));
        (await GetAsync(client)).Should().Be("hello");
    }

    [Test]
    public async Task Another_authority_s_server_is_refused()
    {
        using var other = new Authority("the cluster's CA");
        using var client = Client(Token, Cluster(other.Pem));
        var get = () => GetAsync(client);
        (await get.Should().ThrowAsync<HttpRequestException>()).WithInnerException<AuthenticationException>();
        var exec = () => client.NamespacedPodExecAsync("web", "team", "main", ["ls"], false, (_, _, _) => Task.CompletedTask, CancellationToken.None);
        await exec.Should().ThrowAsync<WebSocketException>();
    }

    [Test]
    public async Task Without_an_authority_the_machine_s_own_trust_counts()
    {
        using var client = Client(Token, $"{{ server: \"{Server.Url}\" }}");
        var get = () => GetAsync(client);
        (await get.Should().ThrowAsync<HttpRequestException>()).WithInnerException<AuthenticationException>();
    }

    [Test]
    public async Task Verification_can_be_skipped()
    {
        using var client = Client(Token, $"{{ server: \"{Server.Url}\", insecure-skip-tls-verify: true }}");
        (await GetAsync(client)).Should().Be("hello");
    }

    [Test]
    public async Task The_tls_server_name_is_the_host_of_the_client_s_own_operations()
    {
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig(Token));
        config.TlsServerName = "kubernetes.internal";
        using var client = new Kubernetes(config);
        await client.Version.GetCodeAsync();
        Server.Last.Host.Should().Be("kubernetes.internal");
    }

    [Test]
    public async Task A_dead_server_is_a_request_error()
    {
        // Port 9 is the discard service, which nothing offers.
        using var client = Client(Token, "{ server: \"https://127.0.0.1:9\" }");
        var get = () => GetAsync(client);
        await get.Should().ThrowAsync<HttpRequestException>();
    }

    private string Cluster(string authorities) =>
        $"{{ server: \"{Server.Url}\", certificate-authority-data: {Base64(authorities)} }}";
}
