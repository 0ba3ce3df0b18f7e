using System.Reflection;
using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>A posture as one HTML file without outside assets.</summary>
public static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Render(Posture posture)
    {
        var page = new StringBuilder();
        var totals = posture.Totals;
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>GPU platform security posture, run {Text(posture.Run.Id)}</title><style>{Resource("posture.css")}</style></head><body><main>
            <h1>Security posture of the shared GPU platform</h1>
            <p class="sub">{Text(Subtitle(posture))}</p>{Incomplete(posture)}
            <ul class="figures"><li><b class="proven">{posture.Controls.Count(c => c.Status == ControlStatus.Proven)} of {posture.Controls.Count}</b>controls proven</li>
            <li><b>{posture.Controls.Count(c => c.Status == ControlStatus.Simulated)}</b>simulated</li>
            <li><b>{totals.Passed}</b>scenarios passed</li><li><b{(totals.Failed > 0 ? " class=\"failed\"" : "")}>{totals.Failed}</b>failed</li>
            <li><b>{totals.Inconclusive}</b>inconclusive</li><li><b>{totals.NotProvided}</b>not provided</li><li><b>{totals.Skipped}</b>skipped</li><li><b>{posture.LeftOut.Count}</b>left out</li></ul>
            <p>Controls: {Wording.Controls(posture)}. Scenarios: {Wording.Scenarios(posture)}.</p>

            """);
        if (posture.Run.Error is { } error)
            page.Append(CultureInfo.InvariantCulture, $"<h2>The run is in error</h2><pre>{Text(error)}</pre>\n");
        Overview(posture, page);
        if (posture.Mutants is { } mutants)
            Mutants(mutants, page);
        Controls(posture, page);
        Scenarios(posture, page);
        LeftOut(posture, page);
        Capabilities(posture, page);
        page.Append("<h2>Not claimed</h2><ul>");
        foreach (var claim in posture.NonClaims)
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(claim)}</li>");
        return page.Append("</ul></main>\n").Append(CultureInfo.InvariantCulture, $"<script type=\"module\">{Resource("posture.js")}</script></body></html>\n").ToString();
    }

    // Each control as a field of its section, in the colour and with the word of its verdict.
    private static void Overview(Posture posture, StringBuilder page)
    {
        page.Append("<nav aria-label=\"Controls by section\">\n");
        foreach (var section in posture.Controls.GroupBy(c => c.Section))
        {
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"matrix\"><b>{Text(section.Key)}</b>");
            foreach (var control in section)
                page.Append(CultureInfo.InvariantCulture, $" <a class=\"{Word(control.Status)}\" href=\"#{Text(control.Id)}\" title=\"{Text(control.Title)}\">{Text(control.Id)} <small>{Wording.Of(control.Status)}</small></a>");
            page.Append("</div>\n");
        }

        page.Append("</nav>\n");
    }

    private static void Mutants(IReadOnlyList<MutantResult> mutants, StringBuilder page)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Mutants</h2><p>{Text(string.Join(", ", mutants.GroupBy(m => m.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {Wording.Of(g.Key)}")))}</p>\n");
        foreach (var mutant in mutants.OrderByDescending(m => m.IsProblem()).ThenBy(m => m.Id, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                <details{(mutant.IsProblem() ? " open" : "")}><summary><span class="{(mutant.IsProblem() ? "failed" : "passed")}">{Wording.Of(mutant.Verdict)}</span> {Text(mutant.Id)}{(mutant.MustSurvive ? " <span class=\"where\">must survive</span>" : "")}</summary>
                <pre>{Text(mutant.Diff)}</pre>

                """);
            if (mutant.Why is { } why)
                page.Append(CultureInfo.InvariantCulture, $"<p>{Text(why)}</p>\n");
            foreach (var trial in mutant.Trials)
                page.Append(CultureInfo.InvariantCulture, $"<p><span class=\"{Word(trial.Status)}\">{Wording.Of(trial.Status)}</span> {Text(trial.Scenario)}{(trial.Error is { } error ? $"<br><span class=\"dim\">{Text(error)}</span>" : "")}</p>\n");
            page.Append("</details>\n");
        }
    }

    private static void Controls(Posture posture, StringBuilder page)
    {
        page.Append("<h2>Controls</h2><table><tr><th>Control</th><th>Verdict</th><th>Scenarios</th><th>Frameworks</th></tr>\n");
        foreach (var control in posture.Controls)
        {
            var frameworks = string.Join("<br>", control.Frameworks.Select(f => $"{Text(f.Key)}: {Text(string.Join(", ", f.Value))}"));
            page.Append(CultureInfo.InvariantCulture, $"""
                <tr id="{Text(control.Id)}"><td>{Text(control.Title)}{(control.Impact is { } impact ? $"<br>Without it: {Text(impact)}" : "")}<br><span class="dim">{Text(control.Section)}, <code>{Text(control.Id)}</code>{(control.Simulated is { } enforcer ? Text($"; simulated: {enforcer}") : "")}</span></td>
                <td class="{Word(control.Status)}">{Wording.Of(control.Status)}</td><td>{Wording.Counts(control)}</td><td class="dim">{frameworks}</td></tr>

                """);
        }

        page.Append("</table>\n");
    }

    private static void Scenarios(Posture posture, StringBuilder page)
    {
        if (posture.Scenarios.Count > 0)
            page.Append(Filter());
        var frameworks = posture.Controls.ToDictionary(c => $"control:{c.Id}", c => string.Join(' ', c.Frameworks.SelectMany(f => f.Value)));
        foreach (var feature in posture.Scenarios.GroupBy(s => s.Feature))
        {
            page.Append(CultureInfo.InvariantCulture, $"<section class=\"feature\"><h2>{Text(feature.Key)}</h2>\n");
            foreach (var scenario in feature)
            {
                var status = Word(scenario.Status);
                page.Append(CultureInfo.InvariantCulture, $"""
                    <details class="scenario" id="{Text(scenario.Feature)}:{scenario.Line}" data-status="{status}" data-find="{Text(Find(scenario, frameworks))}"{(scenario.Status == ResultStatus.Failed ? " open" : "")}><summary><span class="{status}">{Wording.Of(scenario.Status)}</span> {Text(scenario.Name)}
                    <span class="where">line {scenario.Line}, {scenario.DurationMs / 1000:0.0} s</span></summary>

                    """);
                if (scenario.Error is { } error)
                    page.Append(CultureInfo.InvariantCulture, $"<pre>{Text(error)}</pre>\n");
                if (scenario.Status == ResultStatus.Failed)
                    page.Append(CultureInfo.InvariantCulture, $"<p>Again: <code>{Text(Wording.Again(posture, scenario))}</code></p>\n");
                foreach (var step in scenario.Steps)
                    Step(step, page);
                page.Append("</details>\n");
            }

            page.Append("</section>\n");
        }
    }

    // Hidden until the script that it needs runs.
    private static string Filter()
    {
        var boxes = Enum.GetValues<ResultStatus>().Select(s => $"<label><input type=\"checkbox\" value=\"{Word(s)}\" checked> {Wording.Of(s)}</label>");
        return $"<form id=\"filter\" role=\"search\" hidden><label>Find <input type=\"search\" name=\"words\" placeholder=\"title, file, tag, framework id\"></label> {string.Join(' ', boxes)} <button type=\"reset\">All</button> <output></output></form>\n";
    }

    // In lower case: what the filter looks in.
    private static string Find(ScenarioResult scenario, Dictionary<string, string> frameworks) =>
        $"{scenario.Feature} {scenario.Name} {string.Join(' ', scenario.Tags)} {string.Join(' ', scenario.Tags.Select(t => frameworks.GetValueOrDefault(t, "")))}".TrimEnd().ToLowerInvariant();

    private static string Incomplete(Posture posture) =>
        Wording.Incomplete(posture) is { } incomplete ? $"\n<p class=\"partial\"><b>{Text(incomplete)}</b></p>" : "";

    private static void LeftOut(Posture posture, StringBuilder page)
    {
        if (posture.LeftOut.Count == 0)
            return;
        page.Append(CultureInfo.InvariantCulture, $"<h2>Left out</h2><details><summary>{posture.LeftOut.Count} scenarios were not run</summary><ul>\n");
        foreach (var scenario in posture.LeftOut)
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(scenario.Name)} <span class=\"where\">{Text(scenario.Feature)}:{scenario.Line}</span></li>\n");
        page.Append("</ul></details>\n");
    }

    private static void Step(StepResult step, StringBuilder page)
    {
        var mark = step.Status == ResultStatus.Passed ? "" : $" <span class=\"{Word(step.Status)}\">{Wording.Of(step.Status)}</span>";
        page.Append(CultureInfo.InvariantCulture, $"<p class=s><b>{step.Keyword}</b> {Text(step.Text)}{mark}\n");
        foreach (var e in step.Evidence)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<p class=e><code>{Text($"{e.Method} {e.Path}".Trim())}</code> <i>{Text(e.Actor)}</i> {e.StatusCode} {Text(e.Reason)} {Text(e.Message)}\n");
        }
    }

    private static void Capabilities(Posture posture, StringBuilder page)
    {
        if (posture.Cluster is not { } cluster)
            return;
        page.Append("<h2>What this cluster can show</h2><table><tr><th>Capability</th><th></th><th>How it was detected</th></tr>\n");
        foreach (var c in cluster.Capabilities)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Text(c.Name)}</td><td>{(c.Present ? "yes" : "no")}</td><td class=\"dim\">{Text(c.How)}</td></tr>\n");
        page.Append("</table>\n");
    }

    private static string Subtitle(Posture posture)
    {
        var when = posture.Run.StartedAt.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        var cluster = posture.Cluster is { } c ? $"Kubernetes {c.Version} ({c.Source}: {c.Name}), {c.Nodes} nodes" : "no cluster";
        var fleet = posture.Fleet is { } f ? $", {f.Gpus} GPUs" : "";
        return $"Run {posture.Run.Id}, {when}, {cluster}{fleet}";
    }

    private static string Word(Enum status) => status.ToString().ToLowerInvariant();

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"SecuritySpecs.Reports.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
