using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Html;

/// <summary>The evidence of a step: requests with their answers, observations, and pictures of what was observed.</summary>
internal static class EvidencePart
{
    /// <summary>The markup.</summary>
    public static string Of(StepResult step) => Markup.Join(step.Evidence.Select(Entry)).Html!;

    private static Raw Entry(EvidenceEntry e) => Markup.Html(
        $"<p class=e><code>{$"{e.Method} {e.Path}".Trim()}</code> <i>{e.Actor}</i> {e.StatusCode} {e.Reason} {Message(e)}{(e.Bar is { } bar ? Bar(bar) : default)}\n{(e.Grid is { } grid ? Grid(grid) : default)}{(e.Fleet is { } fleet ? Markup.Html($"<div class=e>{FleetPart.Picture(fleet)}</div>\n") : default)}");

    // What a grid shows is not told a second time. What has lines keeps them: it is what a program printed.
    private static Raw Message(EvidenceEntry e) => e.Message?.Split('\n') switch
    {
        { Length: > 1 } lines when e.Grid is not null => Markup.Html($"{lines[0]}"),
        { Length: > 1 } => Markup.Html($"<pre>{e.Message}</pre>"),
        _ => Markup.Html($"{e.Message}"),
    };

    private static Raw Bar(EvidenceBar bar) => Markup.Html(
        $" <span class=\"bar\"><i style=\"width:{Math.Clamp(bar.Of > 0 ? 100 * bar.Used / bar.Of : 100, 0, 100):0.#}%\"></i></span> {bar.Used} of {bar.Of} {bar.Unit}");

    private static Raw Grid(EvidenceGrid grid)
    {
        var heads = Markup.Join(grid.Columns.Select((c, n) => Markup.Html($"<th scope=\"col\" title=\"{c}\">{n + 1}</th>")));
        var rows = Markup.Join(grid.Rows.Select(r => Markup.Html($"<tr><th scope=\"row\">{r.Name}</th>{Markup.Join(r.Cells.Select(Cell))}</tr>\n")));
        var legend = Markup.Join(grid.Columns.Select((c, n) => Markup.Html($"<br>{n + 1} = {c}")));
        return Markup.Html($"<div class=\"e grid\" tabindex=\"0\"><table><thead><tr><td></td>{heads}</tr></thead><tbody>\n{rows}</tbody></table><span class=\"dim\">+ must succeed, − must not; beside it what was seen{legend}</span></div>\n");
    }

    private static Raw Cell(EvidenceCell cell) => cell.Seen.Length == 0 ? new("<td></td>")
        : Markup.Html($"<td class=\"{(!cell.Met ? "failed" : cell.Expected ? "allowed" : "denied")}\">{(cell.Expected ? "+" : "−")} {cell.Seen}{(cell.Met ? "" : ", not as expected")}</td>");
}
