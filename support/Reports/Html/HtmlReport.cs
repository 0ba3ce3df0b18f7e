namespace SecuritySpecs.Reports.Html;

/// <summary>A posture as one HTML file without outside assets.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Render(Posture posture)
    {
        var page = new StringBuilder();
        Head(posture, page);
        Overview(posture, page);
        if (posture.Mutants is { } mutants)
            Mutants(mutants, page);
        Controls(posture, page);
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

    // Each control as a field of its section, in the colour and with the word of its verdict.
    private static void Overview(Posture posture, StringBuilder page)
    {
        page.Append("<nav aria-label=\"Controls by section\">\n");
        foreach (var section in posture.Controls.GroupBy(c => c.Section))
        {
            page.Add($"<div class=\"matrix\"><b>{section.Key}</b>");
            foreach (var control in section)
                page.Add($" <a class=\"{Markup.Word(control.Status)}\" href=\"#{control.Id}\" title=\"{control.Title}\">{control.Id} <small>{Wording.Of(control.Status)}</small></a>");
            page.Append("</div>\n");
        }

        page.Append("</nav>\n");
    }

    private static void Mutants(IReadOnlyList<MutantResult> mutants, StringBuilder page)
    {
        page.Add($"<h2>Mutants</h2><p>{string.Join(", ", mutants.GroupBy(m => m.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Wording.Of(g.Key)}"))}</p>\n");
        foreach (var mutant in mutants.OrderByDescending(m => m.IsProblem()).ThenBy(m => m.Id, StringComparer.Ordinal))
        {
            page.Add($"""
                <details{new Raw(mutant.IsProblem() ? " open" : "")}><summary><span class="{(mutant.IsProblem() ? "failed" : "passed")}">{Wording.Of(mutant.Verdict)}</span> {mutant.Id}{new Raw(mutant.MustSurvive ? " <span class=\"where\">must survive</span>" : "")}</summary>
                <pre>{mutant.Diff}</pre>

                """);
            if (mutant.Why is { } why)
                page.Add($"<p>{why}</p>\n");
            foreach (var trial in mutant.Trials)
                page.Add($"<p><span class=\"{Markup.Word(trial.Status)}\">{Wording.Of(trial.Status)}</span> {trial.Scenario}{(trial.Error is { } error ? Markup.Html($"<br><span class=\"dim\">{error}</span>") : default)}</p>\n");
            page.Append("</details>\n");
        }
    }

    private static void Controls(Posture posture, StringBuilder page)
    {
        page.Append("<h2>Controls</h2><table class=\"wide\"><tr><th>Control</th><th>Verdict</th><th>Scenarios</th><th>Frameworks</th></tr>\n");
        foreach (var control in posture.Controls)
        {
            page.Add($"""
                <tr id="{control.Id}"><td>{control.Title}{(control.Impact is { } impact ? Markup.Html($"<br>Without it: {impact}") : default)}<br><span class="dim">{control.Section}, <code>{control.Id}</code>{(control.Simulated is { } enforcer ? $"; simulated: {enforcer}" : "")}</span></td>
                <td class="{Markup.Word(control.Status)}">{Wording.Of(control.Status)}</td><td>{Wording.Counts(control)}</td><td class="dim frameworks">{Frameworks(control)}</td></tr>

                """);
        }

        page.Append("</table>\n");
    }

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
