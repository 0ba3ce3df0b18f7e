using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Html;

/// <summary>Who may do what: a row for each request that the tables of the features name, a column for each who was tried.</summary>
internal static class WhoCanPart
{
    /// <summary>Adds it to the page.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        var tried = (from scenario in posture.Scenarios
                     from grid in scenario.Steps.SelectMany(s => s.Evidence).Select(e => e.Grid).OfType<EvidenceGrid>()
                     where grid.Table == EvidenceGrid.WhoCan
                     from row in grid.Rows
                     from cell in grid.Columns.Zip(row.Cells, (what, cell) => (What: what, Cell: cell))
                     select (Scenario: scenario, Who: row.Name, cell.What, cell.Cell)).ToList();
        if (tried.Count == 0)
            return;
        // One who is tried more than once may have been meant to lose the right in between: then the first is the one of the reference.
        var cells = tried.GroupBy(t => (t.What, t.Who)).ToDictionary(t => t.Key, t => t.Select(c => c.Cell).FirstOrDefault(c => !c.Met) ?? t.First().Cell);
        var who = tried.GroupBy(t => t.Who).ToList();
        var wrong = cells.Values.Count(c => !c.Met);
        page.Add($"""
            <h2 id="who-can-table">Who can</h2>
            <details{new Raw(wrong > 0 ? " open" : "")}><summary><b>{cells.Count} requests of {who.Count} subjects</b> <span class="{(wrong > 0 ? "failed" : "passed")}">{(wrong > 0 ? $"{wrong} not as expected" : "all as expected")}</span></summary>
            <p class="dim">+ must be allowed, − must be denied; beside it what the request and the API server's own review said. An empty cell was not tried. A name leads to the scenario.</p>
            <div class="grid" tabindex="0"><table><thead><tr><td></td>{Markup.Join(who.Select(w => Markup.Html($"<th scope=\"col\"><a href=\"#{w.First().Scenario.Feature}:{w.First().Scenario.Line}\">{w.Key}</a></th>")))}</tr></thead><tbody>

            """);
        foreach (var what in tried.Select(t => t.What).Distinct())
            page.Add($"<tr><th scope=\"row\">{what}</th>{Markup.Join(who.Select(w => EvidencePart.Cell(cells.GetValueOrDefault((what, w.Key), EvidenceCell.NotTried))))}</tr>\n");
        page.Append("</tbody></table></div></details>\n");
    }
}
