using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Tests;

/// <summary>Versions of NVIDIA's container components, and what is open in them.</summary>
[TestFixture]
public sealed class ToolkitTests
{
    private const string Cves = """
        components:
          - image: container-toolkit
            fixes:
              - {version: 1.16.2, cves: [CVE-1]}
              - {version: 1.19.1, cves: [CVE-2, CVE-3]}
        """;

    [TestCase("v1.17.8-ubuntu20.04", "1.17.8")]
    [TestCase("1.17.8", "1.17.8")]
    [TestCase("v1.17.8-ubi9", "1.17.8")]
    [TestCase("1.17.8-1", "1.17.8", Description = "a package's revision")]
    [TestCase("1.17.8+azure.2", "1.17.8", Description = "a build")]
    [TestCase("1.17.8~1", "1.17.8")]
    [TestCase("v25.3", "25.3.0")]
    [TestCase("v1.18.0-rc.6-ubi9", "1.18.0-rc.6")]
    [TestCase("1.18.0~rc.6-1", "1.18.0-rc.6")]
    [TestCase("latest", null)]
    [TestCase("v1", null)]
    [TestCase("1.17.8.9", null)]
    [TestCase("x1.17.8", null)]
    [TestCase("99999999999.1.1", null)]
    public void A_tag_tells_a_version_or_none(string tag, string? version) => ToolkitVersion.Of(tag)?.ToString().Should().Be(version);

    [TestCase("1.9.0", "1.16.2")]
    [TestCase("1.19.1", "1.100.0")]
    [TestCase("1.19.1-rc.9", "1.19.1")]
    [TestCase("1.19.1-rc.9", "1.19.1-rc.10")]
    [TestCase("1.19.0", "1.19.1-rc.1")]
    [TestCase("24.9.2", "25.3.0")]
    public void Versions_compare_by_number_and_a_candidate_comes_before_its_release(string older, string newer)
    {
        ToolkitVersion.Of(older)!.CompareTo(ToolkitVersion.Of(newer)!).Should().BeNegative();
        ToolkitVersion.Of(newer)!.CompareTo(ToolkitVersion.Of(older)!).Should().BePositive();
        ToolkitVersion.Of(older + "-ubuntu20.04")!.CompareTo(ToolkitVersion.Of("v" + older)!).Should().Be(0);
    }

    [TestCase("registry.example/nvidia/container-toolkit:v1.16.1", "container-toolkit 1.16.1 is older than 1.19.1 and open to CVE-1, CVE-2, CVE-3")]
    [TestCase("registry.example:5000/container-toolkit:v1.17.0@sha256:00", "container-toolkit 1.17.0 is older than 1.19.1 and open to CVE-2, CVE-3")]
    [TestCase("container-toolkit:v1.19.1")]
    [TestCase("container-toolkit", "container-toolkit does not tell its version")]
    [TestCase("registry.example:5000/nvidia/container-toolkit@sha256:00", "container-toolkit does not tell its version")]
    [TestCase("registry.example/container-toolkit/other:v1.0.0")]
    [TestCase("registry.example/my-container-toolkit:v1.0.0")]
    public void An_image_of_a_component_is_judged_by_its_tag(string image, params string[] findings)
    {
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var pod = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["image"] = "other" }) };
            pod[list] = new JsonArray(new JsonObject { ["image"] = image });
            ToolkitFixes.Findings(new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = pod } } }, ToolkitFixes.Parse(Cves)).Should().Equal(findings);
        }
    }

    [Test]
    public void A_fix_without_a_version_is_told_with_its_line() => FluentActions.Invoking(() => ToolkitFixes.Parse(Cves.Replace("1.19.1", "newest", StringComparison.Ordinal)))
        .Should().Throw<BadInputException>().WithMessage("fleet-fixtures/gpu-toolkit.yaml:5: version: expected three numbers*");
}
