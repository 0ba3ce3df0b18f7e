namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class KubeconfigTests
{
    internal const string Good = """
        apiVersion: v1
        kind: Config
        clusters:
        - name: lab
          cluster:
            server: https://127.0.0.1:6443
            certificate-authority-data: QUJD
        contexts:
        - name: admin@lab
          context:
            cluster: lab
            user: admin
        current-context: admin@lab
        users:
        - name: admin
          user:
            token: abc
        """;

    [TestCase(null)]
    [TestCase("admin@lab")]
    public void A_context_is_read(string? context)
    {
        var (name, access) = new Kubeconfig("kubeconfig").Parse(Good.Replace("    certificate-authority-data: QUJD\n", "", StringComparison.Ordinal), context);

        (name, access.Host, access.AccessToken).Should().Be(("admin@lab", "https://127.0.0.1:6443", "abc"));
    }

    [TestCase("clusters:", "clusters: [", 3, "the [ of this line is not closed")]
    [TestCase("current-context: admin@lab\n", "", 1, "current-context is missing; without it name one: --cluster PATH#CONTEXT")]
    [TestCase("current-context: admin@lab", "current-context: root@lab", 8, "there is no \"root@lab\"; there are admin@lab")]
    [TestCase("    cluster: lab\n", "", 11, "context \"admin@lab\": cluster is missing")]
    [TestCase("cluster: lab", "cluster: moon", 3, "there is no \"moon\"; there are lab")]
    [TestCase("user: admin", "user: root", 14, "there is no \"root\"; there are admin")]
    [TestCase("https://127.0.0.1:6443", "127.0.0.1", 6, "expected https://HOST:PORT, but found \"127.0.0.1\"")]
    [TestCase("QUJD", "Q*J", 7, "certificate-authority-data: expected base64")]
    [TestCase("token: abc", "client-certificate-data: QUJD\n    client-key-data: QUJD", 9, "context \"admin@lab\" cannot be used")]
    [TestCase("token: abc", "client-certificate: /nowhere.crt\n    client-key: /nowhere.key", 9, "/nowhere.key")]
    [TestCase("    certificate-authority-data: QUJD", "    insecure-skip-tls-verify: perhaps", 7, "is no usable kubeconfig")]
    [TestCase("users:", "users:\n\t- name: x", 15, "a tab is in the indentation")]
    public void A_mistake_is_told_with_file_and_line(string good, string bad, int line, string problem)
    {
        Good.Should().Contain(good);

        var parse = () => new Kubeconfig("kubeconfig").Parse(Good.Replace(good, bad, StringComparison.Ordinal), null);

        parse.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"kubeconfig:{line}: ").And.Contain(problem).And.NotContain("\n");
    }

    [Test]
    public void A_missing_file_is_told()
    {
        var read = () => ExistingCluster.FromKubeconfig("/nowhere/config#admin");

        read.Should().Throw<BadInputException>().WithMessage("/nowhere/config: there is no such file");
    }
}
