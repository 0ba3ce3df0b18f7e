namespace SecuritySpecs.Reports.Html;

/// <summary>A posture as one HTML file without outside assets.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Render(Posture posture)
    {
        var page = new StringBuilder();
        Head(posture, page);
        FleetPart.Render(posture, page);
        PostureMatrix.Render(posture, page);
        CoursePart.Render(posture, page);
        WhoCanPart.Render(posture, page);
        if (posture.Mutants is { } mutants)
            MutationReport.Render(mutants, page);
        Controls(posture, page);
        FrameworkPart.Render(posture, page);
        LessonPart.Render(posture, page);
        LivingDocument.Render(posture, page);
        LeftOut(posture, page);
        Capabilities(posture, page);
        page.Append("<h2>Not claimed</h2><ul>");
        foreach (var claim in posture.NonClaims)
            page.Add($"<li>{claim}</li>");
        page.Add($"</ul></main>\n<script type=\"module\">{Markup.Resource("posture.js")}</script></body></html>\n");
        return page.ToString();
    }

    private static void Head(Posture posture, StringBuilder page)
    {
        var totals = posture.Totals;
        page.Add($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>GPU platform security posture, run {posture.Run.Id}</title><style>{Markup.Resource("posture.css")}</style></head><body><main>
            <h1>Security posture of the shared GPU platform</h1>
            <p class="sub">{Subtitle(posture)}</p>

            """);
        if (Wording.Incomplete(posture) is { } incomplete)
            page.Add($"<p class=\"partial\">{incomplete}</p>\n");
        page.Add($"""
            <ul class="figures"><li><b class="proven">{posture.Controls.Count(c => c.Status == ControlStatus.Proven)} of {posture.Controls.Count}</b>controls proven</li>
            <li><b>{posture.Controls.Count(c => c.Status == ControlStatus.Simulated)}</b>simulated</li>
            <li><b>{totals.Passed}</b>scenarios passed</li><li><b{new Raw(totals.Failed > 0 ? " class=\"failed\"" : "")}>{totals.Failed}</b>failed</li>
            <li><b>{totals.Inconclusive}</b>inconclusive</li><li><b>{totals.NotProvided}</b>not provided</li><li><b>{totals.Skipped}</b>skipped</li><li><b>{posture.LeftOut.Count}</b>left out</li></ul>
            <p>Controls: {Wording.Controls(posture)}. Scenarios: {Wording.Scenarios(posture)}.</p>

            """);
        if (posture.Run.Error is { } error)
            page.Add($"<h2>The run is in error</h2><pre>{error}</pre>\n");
    }

    private static void Controls(Posture posture, StringBuilder page)
    {
        page.Append("<h2 id=\"controls\">Controls</h2><table class=\"wide\"><tr><th>Control</th><th>Verdict</th><th>Scenarios</th><th>Frameworks</th></tr>\n");
        foreach (var control in posture.Controls)
        {
            page.Add($"""
                <tr id="{control.Id}"><td>{control.Title}{(control.Impact is { } impact ? Markup.Html($"<br>Without it: {impact}") : default)}<br><span class="dim">{control.Section}, <code>{control.Id}</code>{(control.Simulated is { } enforcer ? $"; simulated: {enforcer}" : "")}{NotShown(control)}</span></td>
                <td class="{Markup.Word(control.Status)}">{Wording.Of(control.Status)}</td><td>{Wording.Counts(control)}</td><td class="dim frameworks">{Frameworks(control)}</td></tr>

                """);
        }

        page.Append("</table>\n");
    }

    private static Raw NotShown(ControlResult control) =>
        Markup.Join((control.Shown ?? []).Where(p => p.Why is not null).GroupBy(p => p.Why).Select(p => Markup.Html($"<br>Not shown as {string.Join(" and ", p.Select(k => Markup.Word(k.Kind)))}: {p.Key}")));

    private static Raw Frameworks(ControlResult control) => Markup.Join(control.Frameworks.Select(f => Markup.Html($"{f.Key}: {string.Join(", ", f.Value)}")), "<br>");

    private static void LeftOut(Posture posture, StringBuilder page)
    {
        if (posture.LeftOut.Count == 0)
            return;
        page.Add($"<h2>Left out</h2><details><summary>{posture.LeftOut.Count} scenarios were not run</summary><ul>\n");
        foreach (var scenario in posture.LeftOut)
            page.Add($"<li>{scenario.Name} <span class=\"where\">{scenario.Feature}:{scenario.Line}</span></li>\n");
        page.Append("</ul></details>\n");
    }

    private static void Capabilities(Posture posture, StringBuilder page)
    {
        if (posture.Cluster is not { } cluster)
            return;
        page.Append("<h2>What this cluster can show</h2><table class=\"wide\"><tr><th>Capability</th><th>Present</th><th>How it was detected</th></tr>\n");
        foreach (var c in cluster.Capabilities)
            page.Add($"<tr><td>{c.Name}</td><td>{(c.Present ? "yes" : "no")}</td><td class=\"dim\">{c.How}</td></tr>\n");
        page.Append("</table>\n");
    }

    private static string Subtitle(Posture posture)
    {
        var when = posture.Run.StartedAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var cluster = posture.Cluster is { } c ? $"Kubernetes {c.Version} ({c.Source}: {c.Name}), {c.Nodes} nodes" : "no cluster";
        var fleet = posture.Fleet is { } f ? $", {f.Gpus} GPUs" : "";
        return $"Run {posture.Run.Id}, {when}, {cluster}{fleet}{(posture.Run.Controls is { } controls ? $", controls of {controls}" : "")}";
    }
}
