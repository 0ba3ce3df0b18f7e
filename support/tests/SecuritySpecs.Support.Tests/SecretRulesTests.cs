using SecuritySpecs.Secrets;

namespace SecuritySpecs.Tests;

/// <summary>The project's own rules find their samples and not what looks much like them; rules of others are read.</summary>
[TestFixture]
public sealed class SecretRulesTests
{
    private const int Draws = 20;
    private static readonly IReadOnlyList<SecretRule> Own = SecretRules.Read(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures"));

    private static IEnumerable<TestCaseData> Samples => Own.SelectMany(r => r.Positive.Select(p => new TestCaseData(r.Id, p, true)).Concat(r.NearMiss.Select(n => new TestCaseData(r.Id, n, false))));

    [TestCaseSource(nameof(Samples))]
    public void A_rule_finds_its_samples_and_none_of_its_near_misses(string rule, string sample, bool found)
    {
        for (var seed = 0; seed < Draws; seed++)
        {
            var text = SecretSample.Draw(sample, new Random(seed));
            Own.Single(r => r.Id == rule).IsIn(text).Should().Be(found, "of {0}", text);
        }
    }

    [Test]
    public void Every_rule_has_samples_of_both_kinds() => Own.Where(r => r.Positive.Count == 0 || r.NearMiss.Count == 0).Select(r => r.Id).Should().BeEmpty();

    [Test]
    public void A_rule_of_gitleaks_is_read_with_its_own_spelling_of_regular_expressions()
    {
        var rule = SecretRules.Parse("own.toml", """"
            title = "ours"
            [allowlist]
            stopwords = ["sample"]
            [[rules]]
            id = "acme"
            description = "a key of Acme"
            regex = '''(?i)acme(?P<word>[[:alnum:]]{4})-([0-9]{6})'''
            secretGroup = 2
            entropy = 1.5
            keywords = ["acme"]
            path = '''\.py$'''
            [[rules.allowlists]]
            regexes = ['''^123456$''']
            [[rules]]
            id = "of-files"
            description = "a file that should not be there"
            path = '''\.p12$'''
            """").Should().ContainSingle().Which;

        rule.IsIn("ACME1a2b-918273").Should().BeTrue();
        rule.IsIn("acme1a2b-123456").Should().BeFalse("it is on the allow-list");
        rule.IsIn("acme1a2b-111111").Should().BeFalse("its entropy is 0");
    }

    [TestCase("[[rules]\n", 1, "is not TOML")]
    [TestCase("title = \"x\"", 1, "has no [[rules]]")]
    [TestCase("[[rules]]\ndescription = \"d\"\nregex = 'x'", 1, "rule without an id: id is missing")]
    [TestCase("\n[[rules]]\nid = \"a\"\ndescription = \"d\"\nregex = '('", 2, "regex: ")]
    [TestCase("[[rules]]\nid = \"a\"\ndescription = \"d\"\nregex = '(?=x)'", 1, "regex: ")]
    [TestCase("[[rules]]\nid = \"a\"\ndescription = \"d\"\nregex = 'x'\nkeywords = \"x\"", 1, "rule \"a\": keywords: expected a list of texts")]
    [TestCase("[[rules]]\nid = \"a\"\ndescription = \"d\"\nregex = 'x'\nentropy = \"x\"", 1, "rule \"a\": entropy: expected a number")]
    [TestCase("[[rules]]\nid = \"a\"\ndescription = \"d\"\nregex = 'x'\n[[rules]]\nid = \"a\"\ndescription = \"d\"\nregex = 'y'", 5, "rule \"a\" is there twice")]
    [TestCase("rules = 5", 1, "rules: expected a list of tables, [[rules]]")]
    public void A_mistake_is_told_with_file_and_line(string text, int line, string problem) =>
        FluentActions.Invoking(() => SecretRules.Parse("own.toml", text)).Should().Throw<BadInputException>().Which.Message.Should().StartWith($"own.toml:{line}: {problem}");
}
