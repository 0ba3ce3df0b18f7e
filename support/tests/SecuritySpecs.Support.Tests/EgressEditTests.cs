namespace SecuritySpecs.Tests;

/// <summary>Named mistakes in what network policies let out.</summary>
[TestFixture]
public sealed class EgressEditTests
{
    private const string Policy =
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: p}
        spec:
          policyTypes: [Egress]
          egress:
            - to: [{podSelector: {}}]
              ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]
            - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8, 169.254.0.0/16]}}]
        """;

    [TestCase("with the type \"Ingress\" in place of \"Egress\"", "\"policyTypes\":[\"Ingress\"]")]
    [TestCase("without the rule about port \"53\"", "\"egress\":[{\"to\":[{\"ipBlock\"")]
    [TestCase("without the \"TCP\" port \"53\"", "\"ports\":[{\"protocol\":\"UDP\",\"port\":53}]}")]
    [TestCase("without the exception \"169.254.0.0/16\"", "\"except\":[\"10.0.0.0/8\"]")]
    [TestCase("without the exceptions", "{\"ipBlock\":{\"cidr\":\"0.0.0.0/0\"}}")]
    public void An_edit_changes_what_it_names(string edit, string expected)
    {
        var manifest = Manifest.Parse("controls/x.yaml", Policy);

        ManifestEdit.Of(edit).ApplyTo(manifest);

        manifest.Objects.Single().ToJsonString().Should().Contain(expected);
    }

    [TestCase("with the type \"Egress\" in place of \"Ingress\"")]
    [TestCase("without the rule about port \"54\"")]
    [TestCase("without the \"SCTP\" port \"53\"")]
    [TestCase("without the exception \"172.16.0.0/12\"")]
    public void An_edit_that_finds_nothing_to_change_is_an_error_that_names_the_file(string edit)
    {
        var manifest = Manifest.Parse("controls/x.yaml", Policy);

        manifest.Invoking(ManifestEdit.Of(edit).ApplyTo).Should().Throw<ArgumentException>().WithMessage("fleet-fixtures/controls/x.yaml*");
    }
}
