using System.Xml.Linq;
using SecuritySpecs.Cluster;

namespace SecuritySpecs.Reports.Formats;

/// <summary>
/// A JUnit file with the names that the tests of kubernetes-sigs/ai-conformance have (test/README.md there). From v1.37 on the checklist of the CNCF takes
/// such a file as evidence of <c>secure_accelerator_access</c>. What is simulated here is skipped: a fleet that is no hardware is not conformant.
/// </summary>
public static class ConformanceReport
{
    /// <summary>What scenarios carry before the name of a test.</summary>
    public const string Tag = "conformance:";

    private const string Test = "TestSecureAcceleratorAccess";
    private static readonly string[] Worst = ["failure", "error", "skipped"];

    /// <summary>The tests, of which each is one scenario's.</summary>
    public static readonly IReadOnlyList<string> Tests = [$"{Test}/PositiveAccessTest", $"{Test}/NegativeIsolationTest", $"{Test}/MultiContainerIsolationTest"];

    /// <summary>The document.</summary>
    public static string Render(Posture posture)
    {
        var isReal = posture.Cluster?.Capabilities.Any(c => c.Name == CapabilityDetector.OwnFleet && !c.Present) == true;
        var scenarios = JudgedScenario.Of(posture);
        List<XElement> parts = [.. Tests.Select(t => scenarios.FirstOrDefault(s => s.Result.Tags.Contains(Tag + t)) is not { } scenario ? Skipped(t, "not run: no scenario of this run has its tag")
            : scenario.Verdict == ScenarioVerdict.Passed && !isReal ? Skipped(t, "simulated: the GPUs are this project's, and no hardware")
            : JunitReport.Case(scenario, t))];
        List<XElement> all = [Whole(parts), .. parts];
        return JunitReport.Document(posture, new XElement("testsuite", new XAttribute("name", "CNCF AI Conformance v1.37"), new XAttribute("tests", all.Count),
            new XAttribute("failures", Count("failure")), new XAttribute("errors", Count("error")), new XAttribute("skipped", Count("skipped")), all));

        int Count(string outcome) => all.Count(c => c.Element(outcome) is not null);
    }

    // It passes if all of its parts do.
    private static XElement Whole(IReadOnlyList<XElement> parts)
    {
        var outcome = Worst.FirstOrDefault(o => parts.Any(p => p.Element(o) is not null));
        return Named(Test, outcome, outcome is null ? null : string.Join("; ", parts.Select(p => (string?)p.Element(outcome)?.Attribute("message")).OfType<string>().Distinct()));
    }

    private static XElement Skipped(string test, string why) => Named(test, "skipped", why);

    private static XElement Named(string test, string? outcome, string? why) => new("testcase", new XAttribute("name", test), new XAttribute("classname", "conformance"),
        outcome is null ? null : new XElement(outcome, new XAttribute("message", why!)));
}
