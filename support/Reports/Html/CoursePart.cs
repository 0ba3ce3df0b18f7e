using SecuritySpecs.Drills;
using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Html;

/// <summary>The course of each drill in which somebody took more than was his: a bar for each step, of what a tenant had of what its quota allowed.</summary>
internal static class CoursePart
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        var courses = (from scenario in posture.Scenarios
                       let drill = scenario.Tags.FirstOrDefault(t => t.StartsWith(Runbook.Tag, StringComparison.Ordinal))
                       where drill is not null
                       from quota in scenario.Steps.SelectMany(s => s.Evidence).Where(e => e.Bar is not null).Select(e => e.Actor).Distinct()
                       let bars = Bars(scenario, quota)
                       where bars.Any(b => b.Bar.IsOver())
                       select (Scenario: scenario, Drill: drill[Runbook.Tag.Length..], Quota: quota, Bars: bars)).ToList();
        if (courses.Count == 0)
            return;
        page.Append("<h2 id=\"courses\">Drills on GPUs, step by step</h2>\n<p class=\"dim\">A bar for each step: the GPUs that the tenant's pods ask for, of those that its quota allows after the step. ∞: no quota counts them.</p>\n");
        foreach (var (scenario, drill, quota, bars) in courses)
        {
            page.Add($"<figure><figcaption><a href=\"#{scenario.Feature}:{scenario.Line}\">{scenario.Name}</a> <span class=\"dim\">{drill}, {quota}</span></figcaption><ol class=\"course\">");
            foreach (var (step, bar) in bars)
                page.Append(Step(step, bar).Html);
            page.Append("</ol></figure>\n");
        }
    }

    private static Raw Step(StepResult step, EvidenceBar bar)
    {
        var amount = bar.Of is { } of ? $"{bar.Used} of {of}" : $"{bar.Used} of ∞";
        return Markup.Html($"<li title=\"{step.Keyword} {step.Text}\"{new Raw(bar.IsOver() ? " class=\"partial\"" : "")}><span role=\"img\" aria-label=\"{step.Keyword} {step.Text}:\"><i style=\"height:{bar.Percent():0.#}%\"></i></span>{amount}</li>\n");
    }

    // Of a step that looked more than once the last look.
    private static List<(StepResult Step, EvidenceBar Bar)> Bars(ScenarioResult scenario, string quota) =>
        [.. scenario.Steps.Select(s => (Step: s, Bar: s.Evidence.LastOrDefault(e => e.Actor == quota && e.Bar is not null)?.Bar)).Where(s => s.Bar is not null).Select(s => (s.Step, s.Bar!))];
}
