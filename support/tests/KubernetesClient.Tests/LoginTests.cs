using FluentAssertions;
using k8s;
using k8s.Exceptions;
using NUnit.Framework;

namespace KubernetesClientContract;

[TestFixture]
internal sealed class LoginTests : ContractTest
{
    [Test]
    public async Task A_token_is_sent_with_the_client_s_own_operations()
    {
        using var client = Client("{ token: secret }");
        (await client.Version.GetCodeAsync()).GitVersion.Should().Be("v1.36.0");
        Server.Last.Authorization.Should().Be("Bearer secret");
        Server.Last.Protocol.Should().Be("HTTP/2");
    }

    [Test]
    public async Task The_http_client_sends_a_token_only_where_the_credentials_were_asked()
    {
        using var client = Client("{ token: secret }");
        await client.HttpClient.GetStringAsync(new Uri(client.BaseUri, "hello"));
        Server.Last.Authorization.Should().BeNull();
        await GetAsync(client);
        Server.Last.Authorization.Should().Be("Bearer secret");
    }

    [Test]
    public async Task A_user_name_and_password_are_basic_authentication()
    {
        using var client = Client("{ username: me, password: pass }");
        await GetAsync(client);
        Server.Last.Authorization.Should().Be($"Basic {Base64("me:pass")}");
    }

    [Test]
    public async Task An_inline_certificate_logs_in_without_credentials()
    {
        using var client = Client(
            $"{{ client-certificate-data: {Base64(Alice.ExportCertificatePem())}, client-key-data: {Base64(Alice.KeyPem())} }}");
        client.Credentials.Should().BeNull();
        await GetAsync(client);
        Server.Last.ClientName.Should().Be("alice");
    }

    [Test]
    public async Task A_certificate_s_files_are_found_beside_the_kubeconfig()
    {
        WriteFile("pki/alice.crt", Alice.ExportCertificatePem());
        WriteFile("pki/alice.key", Alice.KeyPem());
        using var client = Client("{ client-certificate: pki/alice.crt, client-key: pki/alice.key }");
        await GetAsync(client);
        Server.Last.ClientName.Should().Be("alice");
    }

    [Test]
    public async Task A_tenant_s_configuration_can_be_built_from_another_one()
    {
        var admin = KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig("{ token: admin }"));
        var tenant = new KubernetesClientConfiguration
        {
            Host = admin.Host,
            SslCaCerts = admin.SslCaCerts,
            SkipTlsVerify = admin.SkipTlsVerify,
            TlsServerName = admin.TlsServerName,
            AccessToken = "tenant",
            UserAgent = "specs",
        };
        using (var first = new Kubernetes(tenant))
            await GetAsync(first);
        // The first client is gone, with its own copies of the authorities only.
        using var client = new Kubernetes(tenant);
        await GetAsync(client);
        Server.Last.Authorization.Should().Be("Bearer tenant");
        Server.Last.UserAgent.Should().Be("specs");
    }

    [Test]
    public async Task Requests_pass_the_given_handlers_in_order()
    {
        var passed = new List<string>();
        using var client = new Kubernetes(
            KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig("{ token: secret }")),
            new Note("first", passed),
            new Note("second", passed));
        await GetAsync(client);
        passed.Should().Equal("first", "second");
    }

    [Test]
    public void The_http_client_has_no_base_address_and_no_timeout()
    {
        using var client = Client("{ token: secret }");
        client.HttpClient.BaseAddress.Should().BeNull();
        client.HttpClient.Timeout.Should().Be(Timeout.InfiniteTimeSpan);
        client.BaseUri.Should().Be(new Uri(Server.Url + "/"));
    }

    [TestCase("client.authentication.k8s.io/v1")]
    [TestCase("client.authentication.k8s.io/v1beta1")]
    public async Task A_plugin_gives_a_token(string version)
    {
        using var client = Client(Plugin(version, """
            echo "{\"apiVersion\": \"$1\", \"kind\": \"ExecCredential\", \"status\": {\"token\": \"for-$TEAM\"}}"
            """));
        await GetAsync(client);
        Server.Last.Authorization.Should().Be("Bearer for-blue");
    }

    [Test]
    public async Task A_plugin_gives_a_certificate()
    {
        var pem = (string text) => text.ReplaceLineEndings("\\n");
        var credential = WriteFile("credential.json", $$$"""
            {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
             "status": {"clientCertificateData": "{{{pem(Alice.ExportCertificatePem())}}}", "clientKeyData": "{{{pem(Alice.KeyPem())}}}"}}
            """);
        using var client = Client(Plugin("client.authentication.k8s.io/v1", $"cat {credential}"));
        await GetAsync(client);
        Server.Last.ClientName.Should().Be("alice");
    }

    [TestCase("exit 1", TestName = "A plugin that prints nothing is refused")]
    [TestCase("echo not JSON", TestName = "A plugin that prints something else is refused")]
    [TestCase("""echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {}}'""", TestName = "A plugin without a login is refused")]
    [TestCase("""echo '{"apiVersion": "other/v1", "status": {"token": "x"}}'""", TestName = "A plugin of another version is refused")]
    public void A_bad_plugin_is_refused(string script)
    {
        var create = () => Client(Plugin("client.authentication.k8s.io/v1", script));
        create.Should().Throw<KubeConfigException>();
    }

    [Test]
    public void A_plugin_that_is_not_installed_is_refused()
    {
        var create = () => Client("{ exec: { apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin } }");
        create.Should().Throw<KubeConfigException>();
    }

    private string Plugin(string version, string script)
    {
        var path = WriteFile($"{Guid.NewGuid():N}.sh", script + "\n");
        return $"{{ exec: {{ apiVersion: {version}, command: sh, args: [{path}, {version}], env: [{{ name: TEAM, value: blue }}] }} }}";
    }

    private sealed class Note(string name, List<string> passed) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            passed.Add(name);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
