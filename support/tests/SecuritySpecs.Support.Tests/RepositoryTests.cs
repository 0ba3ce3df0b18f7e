using System.Text.RegularExpressions;
using FluentAssertions;
using NUnit.Framework;
using SecuritySpecs.Cluster;
using SecuritySpecs.Kube;
using SecuritySpecs.Rbac;
using SecuritySpecs.Tenants;
using SecuritySpecs.Tenants.Sharing;

namespace SecuritySpecs.Tests;

/// <summary>Rules about the repository's own files.</summary>
[TestFixture]
public sealed partial class RepositoryTests
{
    // The files that choose between the real packages and the stand-ins, and the one that ignores the choice's marker.
    private static readonly string[] Switches =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "support/specs", ".gitignore"];

    // What stands for a parameter of a step.
    private static readonly string[] Alternatives =
        [TenantRequest.Phrases, DangerousRight.Phrases, PodTrait.Phrases, PodRefusal.Phrases, Persona.Phrases, TenantObject.Phrases, CapEvasion.Phrases, TelemetryRequest.Phrases, PrometheusAttack.Phrases];

    [Test]
    public void Only_the_files_that_choose_know_that_there_are_stand_ins()
    {
        var root = RunOptions.FindRoot();
        var files = SourceFiles(root).Where(f => !f.StartsWith("support/stand-ins/", StringComparison.Ordinal)).ToList();
        files.Should().Contain("steps/Hooks.cs").And.Contain("support/Kube/KubeApi.cs");

        var mentioning = files.Where(f => Mention().IsMatch(File.ReadAllText(Path.Combine(root, f)))).ToList();

        mentioning.Where(f => !Switches.Contains(f) && !f.StartsWith("support/specs.d/", StringComparison.Ordinal)
                && !f.StartsWith("support/tests/Specs.Tests/", StringComparison.Ordinal) && Path.GetExtension(f) is not (".md" or ".csproj" or ".sln")
                && f != "support/tests/SecuritySpecs.Support.Tests/RepositoryTests.cs")
            .Should().BeEmpty("code must be the same for the real packages and the stand-ins");
    }

    [Test]
    public void Every_step_phrase_is_told_to_contributors()
    {
        var root = RunOptions.FindRoot();
        var phrases = Directory.GetFiles(Path.Combine(root, "steps"), "*Steps.cs").SelectMany(f => Binding().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value)
            .Concat(Alternatives.SelectMany(a => a.Split('|'))).Concat(ManifestEdit.Forms)
            .Concat(ModelCall.All.Select(c => c.Phrase)).Concat(Guise.All.Select(g => g.Phrase)).Distinct().ToList();
        phrases.Should().HaveCountGreaterThan(50);

        var told = File.ReadAllLines(Path.Combine(root, ".github", "CONTRIBUTING.md")).Select(l => Keyword().Replace(l, "")).ToHashSet();

        phrases.Where(p => !told.Contains(p)).Should().BeEmpty("a contributor finds them in .github/CONTRIBUTING.md");
    }

    [Test]
    public void The_k3s_image_is_pinned_in_one_place()
    {
        var root = RunOptions.FindRoot();
        var image = File.ReadAllText(Path.Combine(root, "support", "k3s-image")).Trim();
        image.Should().MatchRegex(@"^rancher/k3s:v1\.[0-9]+\.[0-9]+-k3s[0-9]+$");

        SourceFiles(root).Where(f => f != "support/k3s-image" && !f.StartsWith(".github/", StringComparison.Ordinal)
                && File.ReadAllText(Path.Combine(root, f)).Contains(image, StringComparison.Ordinal))
            .Should().BeEmpty("another place would be forgotten at the next change");
    }

    private static IEnumerable<string> SourceFiles(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Where(f => !Skipped().IsMatch(f));

    [GeneratedRegex("""\[(?:Given|When|Then)\("(.*?)"\)\]""")]
    private static partial Regex Binding();

    [GeneratedRegex("^(Given|When|Then) +")]
    private static partial Regex Keyword();

    [GeneratedRegex("stand-?ins?(?!g)", RegexOptions.IgnoreCase)]
    private static partial Regex Mention();

    [GeneratedRegex(@"(^|/)(bin|obj|TestResults|\.git|\.stand-ins)(/|$)|\.tar$")]
    private static partial Regex Skipped();
}
