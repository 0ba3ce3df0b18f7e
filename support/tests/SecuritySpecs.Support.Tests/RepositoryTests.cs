namespace SecuritySpecs.Tests;

/// <summary>Rules about the repository's own files.</summary>
[TestFixture]
public sealed partial class RepositoryTests
{
    // The build files that put support/reqnroll-nunit in the place of a package, and those who tell of it.
    private static readonly string[] Switches = ["Directory.Build.targets", "support/specs", "support/SecuritySpecs.Support.csproj", ".gitignore", "SecuritySpecs.sln"];

    [Test]
    public void Only_the_build_files_know_that_Reqnroll_NUnit_may_be_missing()
    {
        var root = RunOptions.FindRoot();
        var files = SourceFiles(root).Where(f => !f.StartsWith("support/reqnroll-nunit/", StringComparison.Ordinal)).ToList();
        files.Should().Contain("steps/Run/Hooks.cs").And.Contain("support/Kube/KubeApi.cs");

        files.Where(f => Mention().IsMatch(File.ReadAllText(Path.Combine(root, f))))
            .Where(f => !Switches.Contains(f) && !f.StartsWith("support/specs.d/", StringComparison.Ordinal) && !f.StartsWith("support/Tool/", StringComparison.Ordinal)
                && !f.StartsWith("support/tests/", StringComparison.Ordinal) && Path.GetExtension(f) is not ".md")
            .Should().BeEmpty("code is the same whichever of them is used");
    }

    [Test]
    public void The_form_for_a_scenario_lists_every_section()
    {
        var root = RunOptions.FindRoot();
        var offered = File.ReadLines(Path.Combine(root, ".github", "ISSUE_TEMPLATE", "new-scenario.yml"))
            .Select(l => Section().Match(l).Groups[1].Value).Where(n => n.Length > 0).ToList();

        offered.Should().Contain(Directory.GetDirectories(Path.Combine(root, "features")).Select(Path.GetFileName)).And.HaveCount(5);
        File.ReadAllLines(Path.Combine(root, ".github", "CONTRIBUTING.md")).Should().HaveCountLessThanOrEqualTo(200, "it is a page that is read");
    }

    [Test]
    public void The_k3s_image_is_pinned_in_one_place()
    {
        var root = RunOptions.FindRoot();
        var image = File.ReadAllText(Path.Combine(root, "support", "images", "k3s-image")).Trim();
        image.Should().MatchRegex(@"^rancher/k3s:v1\.[0-9]+\.[0-9]+-k3s[0-9]+$");

        SourceFiles(root).Where(f => f != "support/images/k3s-image" && !f.StartsWith(".github/", StringComparison.Ordinal)
                && File.ReadAllText(Path.Combine(root, f)).Contains(image, StringComparison.Ordinal))
            .Should().BeEmpty("another place would be forgotten at the next change");
    }

    [Test]
    public void Only_the_hook_that_reads_tags_makes_a_scenario_inconclusive()
    {
        var root = RunOptions.FindRoot();
        var makers = SourceFiles(root).Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && (f.StartsWith("steps/", StringComparison.Ordinal) || f.StartsWith("support/", StringComparison.Ordinal))
                && !f.StartsWith("support/tests/", StringComparison.Ordinal) && !f.StartsWith("support/reqnroll-nunit/", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(Path.Combine(root, f)).Where(l => NoVerdict().IsMatch(l)).Select(l => $"{f}: {l.Trim()}"));

        makers.Should().Equal(["steps/Run/Hooks.cs: Assert.Ignore(\"The run was asked for other scenarios.\");", // and tells no result
            "steps/Run/Hooks.cs: Assert.Ignore($\"{Reports.Wording.NotProvided}: {what}\");", // and tells which file of the platform's is missing
            "steps/Run/Hooks.cs: Assert.Inconclusive($\"This cluster lacks {name}: {capability.How}.\");",
            "steps/Run/Hooks.cs: InconclusiveException when _lacks is not null => ResultStatus.Inconclusive,",
            "steps/Run/Hooks.cs: IgnoreException when _notProvided is not null => ResultStatus.NotProvided,"], "--require sees no other reason than a capability");
    }

    [TestCase(".ci/run")]
    [TestCase(".github/workflows/specs.yml")]
    public void Continuous_integration_demands_what_each_version_must_have_and_overlooks_no_failure(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(RunOptions.FindRoot(), file)).Where(l => !l.TrimStart().StartsWith('#')).ToList();

        lines.Count(l => Demand().IsMatch(l)).Should().Be(lines.Count(l => RunsSpecs().IsMatch(l)), "each verdict is on a cluster that can do what it must").And.BePositive();
        lines.Should().NotContain(l => l.Contains("|| true", StringComparison.Ordinal) || l.Contains("continue-on-error", StringComparison.Ordinal) || l.Contains("dotnet test", StringComparison.Ordinal));
    }

    private static IEnumerable<string> SourceFiles(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Where(f => !Skipped().IsMatch(f));

    [GeneratedRegex(@"Assert\.(Inconclusive|Ignore|Pass)\b|\bAssume\.|\b(Inconclusive|Ignore|Success)Exception|TestInconclusive|TestPending|PendingStepException")]
    private static partial Regex NoVerdict();

    [GeneratedRegex("SPECS_REQUIRE[:=] ?expected")]
    private static partial Regex Demand();

    [GeneratedRegex("support/specs\"? (run|test)")]
    private static partial Regex RunsSpecs();

    [GeneratedRegex("^ *- ([0-9]{2}-[a-z-]+)$")]
    private static partial Regex Section();

    [GeneratedRegex("local-?reqnroll-?nunit|reqnroll-nunit", RegexOptions.IgnoreCase)]
    private static partial Regex Mention();

    [GeneratedRegex(@"(^|/)(bin|obj|TestResults|\.git|\.local-reqnroll-nunit)(/|$)|\.tar$")]
    private static partial Regex Skipped();
}
