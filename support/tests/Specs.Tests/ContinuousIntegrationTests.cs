namespace Specs.Tests;

[TestFixture]
public sealed partial class ContinuousIntegrationTests
{
    private static readonly string Workflow = File.ReadAllText(Repository.At(".github", "workflows", "specs.yml"));

    [Test]
    public void Every_action_is_pinned_by_its_commit_and_says_its_version()
    {
        var actions = Uses().Matches(Workflow).Select(match => match.Groups[1].Value).ToList();

        actions.Should().NotBeEmpty().And.OnlyContain(action => Pinned().IsMatch(action));
    }

    [Test]
    public void The_default_k3s_is_among_the_versions_that_are_tested()
    {
        var version = File.ReadAllText(Repository.At("support", "images", "k3s-image")).Trim().Split(':')[1];

        Workflow.Should().MatchRegex($@"k3s: \[[^]]*\b{Regex.Escape(version)}\]");
    }

    [GeneratedRegex(@"uses: (.*)")]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[^@ ]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")]
    private static partial Regex Pinned();
}
