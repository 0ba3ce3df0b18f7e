using SecuritySpecs.Secrets;

namespace SecuritySpecs.Tests;

/// <summary>How API servers store resources, by their encryption configuration.</summary>
[TestFixture]
public sealed class EncryptionConfigurationTests
{
    private const string Aes = """{"aescbc": {"keys": [{"name": "one", "secret": "first"}, {"name": "two", "secret": "second"}]}}""";
    private const string Identity = """{"identity": {}}""";
    private const string Kms = """{"kms": {"name": "hsm", "endpoint": "unix:///hsm"}}""";

    [TestCase(Aes, "aescbc")]
    [TestCase(Aes + "," + Identity, "aescbc")]
    [TestCase(Identity + "," + Aes, "identity")]
    [TestCase(Kms + "," + Aes, "kms")]
    public void The_first_provider_writes(string providers, string writes) => Read(Entry("secrets", providers)).ProviderOf("secrets").Should().Be(writes);

    [Test]
    public void A_resource_that_is_not_named_is_stored_as_it_is_and_the_first_entry_that_names_one_decides()
    {
        var read = Read($"{Entry("configmaps", Identity)}, {Entry("secrets", Aes)}, {Entry("secrets", Identity)}");

        read.ProviderOf("secrets").Should().Be("aescbc");
        read.KeysOf("secrets").Should().Equal("first", "second");
        read.ProviderOf("configmaps").Should().Be(EncryptionConfiguration.None);
        read.ProviderOf("roles.rbac.authorization.k8s.io").Should().Be(EncryptionConfiguration.None);
        read.KeysOf("configmaps").Should().BeEmpty();
    }

    [TestCase("""{"kind": "Policy", "resources": [{}]}""", "*of kind EncryptionConfiguration*")]
    [TestCase("""{"kind": "EncryptionConfiguration"}""", "*has resources*")]
    [TestCase("""{"kind": "EncryptionConfiguration", "resources": [{"resources": ["*.*"], "providers": [{"identity": {}}]}]}""", "*\"*.*\"; patterns are not known*")]
    [TestCase("""{"kind": "EncryptionConfiguration", "resources": [{"resources": ["secrets"], "providers": [{"rot13": {}}]}]}""", "*provider \"rot13\"*")]
    [TestCase("""{"kind": "EncryptionConfiguration", "resources": [{"resources": ["secrets"]}]}""", "*provider \"\"*")]
    public void What_is_not_known_here_is_an_error(string configuration, string message)
    {
        var read = () => EncryptionConfiguration.Of(JsonNode.Parse(configuration)!.AsObject());

        read.Should().Throw<ArgumentException>().WithMessage(message);
    }

    private static string Entry(string resource, string providers) => $$"""{"resources": ["{{resource}}"], "providers": [{{providers}}]}""";

    private static EncryptionConfiguration Read(string entries) =>
        EncryptionConfiguration.Of(JsonNode.Parse($$"""{"kind": "EncryptionConfiguration", "resources": [{{entries}}]}""")!.AsObject());
}
