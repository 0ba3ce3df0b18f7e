using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Html;

/// <summary>The lesson's outline, topic by topic, with the controls and the scenarios behind each.</summary>
internal static class LessonPart
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        if (posture.Lesson is not { } lesson || posture.Controls.Count == 0)
            return;
        var (controls, scenarios) = (posture.Controls.ToDictionary(c => c.Id), posture.Scenarios.ToLookup(s => s.Tags.FirstOrDefault(t => t.StartsWith(PostureBuilder.ControlTag, StringComparison.Ordinal))));
        page.Append("<h2 id=\"lesson\">Lesson 7</h2>\n");
        foreach (var topic in lesson)
        {
            var behind = topic.Controls.Select(controls.GetValueOrDefault).OfType<ControlResult>().ToList();
            page.Add($"<details><summary><b>{topic.Topic}</b> <span class=\"where\">{behind.Count(c => c.Status == ControlStatus.Proven)} of {topic.Controls.Count} controls proven</span></summary>\n");
            foreach (var control in behind)
            {
                page.Add($"<h3><a href=\"#{control.Id}\">{control.Title}</a> <span class=\"{Markup.Word(control.Status)}\">{Wording.Of(control.Status)}</span></h3>\n<ul>");
                foreach (var scenario in scenarios[PostureBuilder.ControlTag + control.Id])
                    page.Append(Item(scenario).Html);
                page.Append("</ul>\n");
            }

            page.Append("</details>\n");
        }
    }

    private static Raw Item(ScenarioResult scenario) =>
        Markup.Html($"<li><a href=\"#{scenario.Feature}:{scenario.Line}\">{scenario.Name}</a>{(scenario.Status == ResultStatus.Passed ? default : Markup.Html($" <b class=\"{Markup.Word(scenario.Status)}\">{Wording.Of(scenario.Status)}</b>"))}\n");
}
