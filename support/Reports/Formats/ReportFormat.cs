using SecuritySpecs.Reports.Html;

namespace SecuritySpecs.Reports.Formats;

/// <summary>A form in which people or tools read a posture. Each is made of the posture alone.</summary>
/// <param name="Name">As in <c>specs report --formats NAME,...</c>.</param>
/// <param name="File">The file's name.</param>
/// <param name="For">Who reads it.</param>
/// <param name="Render">Makes the file's content.</param>
public sealed record ReportFormat(string Name, string File, string For, Func<Posture, string> Render)
{
    /// <summary>The one that a job's summary takes.</summary>
    public static readonly ReportFormat Markdown = new("markdown", "posture.md", "a pull request or the summary of a job", MarkdownReport.Render);

    /// <summary>Every format.</summary>
    public static readonly IReadOnlyList<ReportFormat> All =
    [
        new("html", "posture.html", "people", HtmlReport.Render),
        Markdown,
        new("junit", "posture.junit.xml", "CI servers", JunitReport.Render),
        new("ai-conformance", "ai-conformance.junit.xml", "the CNCF AI Conformance checklist", ConformanceReport.Render),
        new("ctrf", "posture.ctrf.json", "tools that know the Common Test Report Format", CtrfReport.Render),
        new("sarif", "posture.sarif", "code scanning", SarifReport.Render),
        new("oscal", "posture.oscal.json", "auditors: OSCAL assessment results", OscalReport.Render),
        new("openreports", "posture.openreports.json", "dashboards of policy reports: kubectl apply -f", OpenReport.Render),
    ];

    /// <summary>The formats that are named.</summary>
    /// <param name="names">Separated by commas; null for all.</param>
    /// <exception cref="EnvironmentException">There is none of such a name; the message lists those that there are.</exception>
    public static IReadOnlyList<ReportFormat> Of(string? names) => names is null ? All : [.. names.Split(',').Select(n => n.Trim()).Distinct().Select(n => All.FirstOrDefault(f => f.Name == n)
        ?? throw new EnvironmentException($"there is no format '{n}'; there are: {string.Join(", ", All.Select(f => f.Name))}"))];
}
