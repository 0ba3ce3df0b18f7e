namespace SecuritySpecs.Reports.Html;

/// <summary>Every control at a glance: a table a section, with the verdict, and how many scenarios show each of the four kinds of proof.</summary>
internal static class PostureMatrix
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        if (posture.Controls.Count == 0)
            return;
        page.Append("""
            <h2 id="matrix">Posture matrix</h2>
            <p class="dim">How many passed scenarios show that the control allows what is legitimate, denies the attack, is exposed by a mistake, and closed again. A dash: none; its control says why below.</p>
            <div class="cards">

            """);
        foreach (var section in posture.Controls.GroupBy(c => c.Section))
        {
            page.Add($"<table><caption>{section.Key}</caption><thead><tr><th scope=\"col\">Control</th>{Heads(section.First())}</tr></thead><tbody>\n");
            foreach (var control in section)
                page.Add($"<tr><th scope=\"row\"><a class=\"{Markup.Word(control.Status)}\" href=\"#{control.Id}\" title=\"{control.Title}\">{control.Id} <small>{Wording.Of(control.Status)}</small></a></th>{Cells(control)}</tr>\n");
            page.Append("</tbody></table>\n");
        }

        page.Append("</div>\n");
    }

    private static Raw Heads(ControlResult control) => Markup.Join((control.Shown ?? []).Select(p => Markup.Html($"<th scope=\"col\">{Markup.Word(p.Kind)}</th>")));

    private static Raw Cells(ControlResult control) => Markup.Join((control.Shown ?? []).Select(p =>
        p.Scenarios > 0 ? Markup.Html($"<td class=\"{Markup.Word(p.Kind)}\">{p.Scenarios}</td>") : Markup.Html($"<td title=\"{p.Why ?? "no scenario that passed shows it"}\">–</td>")));
}
