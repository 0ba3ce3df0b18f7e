using System.Text;
using FluentAssertions;
using k8s;
using k8s.Exceptions;
using NUnit.Framework;
using YamlDotNet.Core;

namespace KubernetesClientContract;

[TestFixture]
internal sealed class KubeconfigTests
{
    private const string TwoContexts = """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: blue
        contexts:
        - { name: blue, context: { cluster: one, user: blue, namespace: team-blue } }
        - { name: green, context: { cluster: two, user: green } }
        - { name: no-cluster, context: { user: green } }
        - { name: lost-cluster, context: { cluster: gone, user: green } }
        - { name: lost-user, context: { cluster: one, user: gone } }
        - { name: no-login, context: { cluster: one, user: nobody } }
        - { name: no-user, context: { cluster: one } }
        - { name: token-file, context: { cluster: one, user: token-file } }
        clusters:
        - { name: one, cluster: { server: "https://one.test:6443", tls-server-name: one.internal } }
        - { name: two, cluster: { server: "https://two.test:6443", insecure-skip-tls-verify: true } }
        users:
        - { name: blue, user: { token: blue-token } }
        - { name: green, user: { username: green, password: leaf } }
        - { name: nobody, user: {} }
        - { name: token-file, user: { tokenFile: /var/run/token } }
        """;

    [Test]
    public void The_current_context_is_the_default()
    {
        var config = Read();
        config.CurrentContext.Should().Be("blue");
        config.Host.Should().Be("https://one.test:6443");
        config.Namespace.Should().Be("team-blue");
        config.AccessToken.Should().Be("blue-token");
        config.TlsServerName.Should().Be("one.internal");
        config.SkipTlsVerify.Should().BeFalse();
    }

    [Test]
    public void Another_context_brings_its_own_cluster_and_user()
    {
        var config = Read("green");
        config.CurrentContext.Should().Be("green");
        config.Host.Should().Be("https://two.test:6443");
        config.Namespace.Should().BeNull();
        config.AccessToken.Should().BeNull();
        config.Username.Should().Be("green");
        config.Password.Should().Be("leaf");
        config.SkipTlsVerify.Should().BeTrue();
    }

    [Test]
    public void All_contexts_can_be_listed_without_taking_one()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(TwoContexts));
        var config = KubernetesClientConfiguration.LoadKubeConfig(stream);
        config.CurrentContext.Should().Be("blue");
        config.Contexts.Select(context => context.Name).Should().StartWith(["blue", "green"]);
        KubernetesClientConfiguration.BuildConfigFromConfigObject(config, "green").Username.Should().Be("green");
    }

    [Test]
    public void A_context_without_a_user_is_anonymous() => Read("no-user").AccessToken.Should().BeNull();

    [TestCase("missing", TestName = "An unknown context is refused")]
    [TestCase("no-cluster", TestName = "A context without a cluster is refused")]
    [TestCase("lost-cluster", TestName = "A cluster that is not there is refused")]
    [TestCase("lost-user", TestName = "A user that is not there is refused")]
    [TestCase("no-login", TestName = "A user without a login is refused")]
    [TestCase("token-file", TestName = "A token file is not a login that the client knows")]
    public void A_bad_context_is_refused(string context)
    {
        var read = () => Read(context);
        read.Should().Throw<KubeConfigException>().Which.Message.Should().NotBeEmpty();
    }

    [Test]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "no-such-kubeconfig");
        var build = () => KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
        var load = () => KubernetesClientConfiguration.LoadKubeConfig(path);
        build.Should().Throw<KubeConfigException>().WithMessage($"*{path}*");
        load.Should().Throw<KubeConfigException>().WithMessage($"*{path}*");
    }

    [Test]
    public void A_file_without_a_current_context_needs_one_by_name()
    {
        var text = TwoContexts.Replace("current-context: blue\n", "", StringComparison.Ordinal);
        var read = () => Read(null, text);
        read.Should().Throw<KubeConfigException>();
        Read("blue", text).AccessToken.Should().Be("blue-token");
    }

    [Test]
    public void Bad_yaml_is_a_yaml_error()
    {
        var read = () => Read(null, "contexts: [ { name: ");
        read.Should().Throw<YamlException>();
    }

    [Test]
    public void An_address_to_listen_on_becomes_the_loopback_address()
    {
        var text = TwoContexts.Replace("one.test", "0.0.0.0", StringComparison.Ordinal);
        new Uri(Read(null, text).Host!).Host.Should().Be("127.0.0.1");
    }

    [TestCase(null)]
    [TestCase("no url")]
    public void A_client_needs_a_server_s_url(string? host)
    {
        var create = () => new Kubernetes(new KubernetesClientConfiguration { Host = host });
        create.Should().Throw<KubeConfigException>();
    }

    private static KubernetesClientConfiguration Read(string? context = null, string text = TwoContexts)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return KubernetesClientConfiguration.BuildConfigFromConfigFile(stream, context);
    }
}
