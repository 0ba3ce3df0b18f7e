namespace SecuritySpecs.Reports.Html;

/// <summary>By framework: the ids that proven controls cover, those whose controls are not proven, and those that no control names, with the reason.</summary>
internal static partial class FrameworkPart
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        if (posture.Frameworks is not { } frameworks || posture.Controls.Count == 0)
            return;
        page.Append("<h2 id=\"frameworks\">Frameworks</h2>\n<p class=\"dim\">An id counts as covered if a control that names it is proven, and each other one is proven or simulated. It says that this suite tests something about it, not that you comply with it.</p>\n");
        foreach (var framework in frameworks)
            Framework(posture, framework, page);
    }

    private static void Framework(Posture posture, FrameworkTable framework, StringBuilder page)
    {
        var named = posture.Controls.SelectMany(c => (c.Frameworks.GetValueOrDefault(framework.Name) ?? []).Select(id => (Id: id, Control: c))).GroupBy(n => n.Id, n => n.Control).ToList();
        var covered = named.Count(n => n.Any(c => c.Status == ControlStatus.Proven) && n.All(c => c.Status is ControlStatus.Proven or ControlStatus.Simulated));
        page.Add($"""
            <details><summary><b>{framework.Name}</b> <span class="where">{covered} of {framework.Ids} ids covered by proven controls, {named.Count - covered} named by others, {framework.NotJudged} not judged</span></summary>
            <table class="wide"><tr><th>Id</th><th>Controls, or why there is none</th></tr>

            """);
        foreach (var id in named.OrderBy(n => Number().Replace(n.Key, d => d.Value.PadLeft(4, '0')), StringComparer.Ordinal))
            page.Add($"<tr><td>{id.Key}</td><td>{Markup.Join(id.Select(Link), ", ")}</td></tr>\n");
        foreach (var row in framework.NotCovered)
            page.Add($"<tr class=\"dim\"><td>{string.Join(", ", row.Ids).Replace("..", " to ", StringComparison.Ordinal)}</td><td>not covered: {row.Why}</td></tr>\n");
        page.Append("</table></details>\n");
    }

    private static Raw Link(ControlResult control) => Markup.Html($"<a href=\"#{control.Id}\">{control.Id}</a> <span class=\"{Markup.Word(control.Status)}\">{Wording.Of(control.Status)}</span>");

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}
