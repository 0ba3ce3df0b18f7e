using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Html;

/// <summary>The features as they ran: each scenario folded, each step with its verdict and its evidence.</summary>
internal static class LivingDocument
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        if (posture.Scenarios.Count == 0)
            return;
        page.Add($"<h2 id=\"features\">Features</h2>\n{Filter()}");
        page.Append("<noscript><p>Without JavaScript the page has no filter, and only what failed has its evidence here: posture.json has all of it.</p></noscript>\n");
        var features = posture.Scenarios.GroupBy(s => s.Feature).ToList();
        foreach (var feature in features)
        {
            page.Add($"<section class=\"feature\"><h3>{feature.Key}</h3>\n");
            foreach (var scenario in feature)
                Scenario(posture, scenario, page);
            page.Append("</section>\n");
        }

        // None of what failed, which is read most, and where scripts may be forbidden.
        page.Append(PackedEvidence.Element(features.SelectMany(f => f).Select(s => s.Status == ResultStatus.Failed ? [] : s.Steps.Select(EvidencePart.Of))).Html);
    }

    // Hidden until the script that it needs runs.
    private static Raw Filter()
    {
        var boxes = Markup.Join(Enum.GetValues<ResultStatus>().Select(s => Markup.Html($"<label><input type=\"checkbox\" name=\"status\" value=\"{Markup.Word(s)}\" checked> {Wording.Of(s)}</label>")), " ");
        return Markup.Html($"""
            <form id="filter" role="search" hidden><label>Find <input type="search" name="words" placeholder="title, file, tag, framework id"></label>
            <label><input type="checkbox" name="deep"> in steps and evidence, too</label> {boxes}
            <button type="reset">All</button> <button type="button" name="unfold">Unfold</button> <button type="button" name="fold">Fold</button> <output></output></form>

            """);
    }

    private static void Scenario(Posture posture, ScenarioResult scenario, StringBuilder page)
    {
        var (status, failed) = (Markup.Word(scenario.Status), scenario.Status == ResultStatus.Failed);
        page.Add($"""
            <details class="scenario" id="{scenario.Feature}:{scenario.Line}"{new Raw(failed ? " open" : "")}><summary><b class="{status}">{Wording.Of(scenario.Status)}</b> {scenario.Name} <span class="where">line {scenario.Line}, {scenario.DurationMs / 1000:0.0} s</span></summary>
            <p class=t>{string.Join(' ', scenario.Tags.Select(t => "@" + t))}

            """);
        if (scenario.Error is { } error)
            page.Add($"<pre>{error}</pre>\n");
        if (failed)
            page.Add($"<p class=a>Again: <code>{Wording.Again(posture, scenario)}</code></p>\n");
        foreach (var step in scenario.Steps)
        {
            var mark = step.Status == ResultStatus.Passed ? default : Markup.Html($" <b class=\"{Markup.Word(step.Status)}\">{Wording.Of(step.Status)}</b>");
            page.Add($"<p class=s><b>{step.Keyword}</b> {step.Text}{mark}\n");
            if (failed)
                page.Append(EvidencePart.Of(step));
        }

        page.Append("</details>\n");
    }
}
