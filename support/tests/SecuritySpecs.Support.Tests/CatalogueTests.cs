namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class CatalogueTests
{
    private const string Good = """
        frameworks:
          cis: CIS Kubernetes Benchmark
          nist: NIST SP 800-190
        controls:
          - id: quota
            title: Quota
            section: 20-rbac
            cis: [5.1.1, 5.1.3]
          - id: later
            title: Later
            section: 30-network
            planned: a later lesson
        """;

    [Test]
    public void Rows_have_their_framework_ids()
    {
        var catalogue = Catalogue.Parse(Good);

        catalogue.Rows.Select(r => r.Id).Should().Equal("quota", "later");
        catalogue.Rows[0].Frameworks["cis"].Should().Equal("5.1.1", "5.1.3");
        catalogue.Rows[1].Planned.Should().Be("a later lesson");
    }

    [TestCase("id: later", "id: quota", 9, "\"quota\" is there twice")]
    [TestCase("    cis: [5.1.1, 5.1.3]", "    iso: [1]", 8, "unknown key \"iso\"")]
    [TestCase("    title: Quota\n", "", 5, "title is missing")]
    [TestCase("cis: [5.1.1, 5.1.3]", "cis: 5.1.1", 8, "a list is wanted")]
    public void A_mistake_is_told_with_file_and_line(string good, string bad, int line, string problem)
    {
        var parse = () => Catalogue.Parse(Good.Replace(good, bad, StringComparison.Ordinal));

        parse.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"features/catalogue.yaml:{line}: ").And.Contain(problem);
    }
}
