using System.Xml;
using System.Xml.Linq;

namespace SecuritySpecs.Reports.Formats;

/// <summary>JUnit's XML as most CI servers read it: a suite a feature, a case a scenario. What is no pass is a failure, an error, or skipped with its reason.</summary>
public static class JunitReport
{
    /// <summary>The document.</summary>
    public static string Render(Posture posture)
    {
        var scenarios = JudgedScenario.Of(posture);
        return Document(posture, Counts(scenarios), scenarios.GroupBy(s => s.Result.Feature).Select(f => new XElement("testsuite", new XAttribute("name", f.Key), Counts([.. f]),
                new XAttribute("timestamp", posture.Run.StartedAt.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)), f.Select(s => Case(s, s.Result.Name)))));
    }

    /// <summary>A document about a run.</summary>
    internal static string Document(Posture posture, params object[] content)
    {
        var root = new XElement("testsuites", new XAttribute("name", "SecuritySpecs"),
            new XElement("properties", Properties(posture).Select(p => new XElement("property", new XAttribute("name", p.Name), new XAttribute("value", Clean(p.Value))))), content);
        return $"{new XDeclaration("1.0", "utf-8", null)}\n{root}\n";
    }

    /// <summary>A scenario under a name.</summary>
    internal static XElement Case(JudgedScenario scenario, string name)
    {
        var (result, test) = (scenario.Result, new XElement("testcase"));
        test.Add(new XAttribute("name", Clean(name)), new XAttribute("classname", Path.ChangeExtension(result.Feature, null).Replace('/', '.')),
            new XAttribute("file", result.Feature), new XAttribute("line", result.Line), new XAttribute("time", Seconds(result.DurationMs)));
        if (scenario.Why is not { } why)
            return test;
        var message = new XAttribute("message", Clean(why.Split('\n')[0]));
        test.Add(scenario.Verdict switch
        {
            ScenarioVerdict.Failed => new XElement("failure", message, new XAttribute("type", "assertion"), Clean(result.Error ?? "")),
            ScenarioVerdict.Error => new XElement("error", message, new XAttribute("type", "error"), Clean(result.Error ?? "")),
            _ => new XElement("skipped", message),
        });
        return test;
    }

    private static IEnumerable<(string Name, string Value)> Properties(Posture posture) =>
    [
        ("run", posture.Run.Id), ("cluster", posture.Cluster?.Version ?? "none"),
        .. Wording.Incomplete(posture) is { } incomplete ? [("incomplete", incomplete)] : Array.Empty<(string, string)>(),
        .. posture.Run.Error is { } error ? [("error", error)] : Array.Empty<(string, string)>(),
        .. posture.Controls.Select(c => ($"control:{c.Id}", Wording.Of(c.Status).ToLowerInvariant())),
    ];

    private static IEnumerable<XAttribute> Counts(IReadOnlyCollection<JudgedScenario> scenarios) =>
    [
        new("tests", scenarios.Count),
        new("failures", scenarios.Count(s => s.Verdict == ScenarioVerdict.Failed)),
        new("errors", scenarios.Count(s => s.Verdict == ScenarioVerdict.Error)),
        new("skipped", scenarios.Count(s => s.Verdict is ScenarioVerdict.Simulated or ScenarioVerdict.Inconclusive or ScenarioVerdict.NotProvided or ScenarioVerdict.Skipped)),
        new("time", Seconds(scenarios.Sum(s => s.Result.DurationMs))),
    ];

    // XML has no form for most control characters.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Where(r => r.Value > 0xFFFF || XmlConvert.IsXmlChar((char)r.Value)));

    private static string Seconds(double milliseconds) => (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture);
}
