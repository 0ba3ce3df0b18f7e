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
        $" <span class=\"bar\"><i style=\"width:{bar.Percent():0.#}%\"></i></span> {(bar.Of is { } of ? $"{bar.Used} of {of}" : $"{bar.Used}")} {bar.Unit}");

    private static Raw Grid(EvidenceGrid grid)
    {
        // Of one who tried many things, each is a row with its name: there is room for that.
        var (heads, rows, legend) = grid.Rows is [var one]
            ? (Markup.Html($"<th scope=\"col\">{one.Name}</th>"), Markup.Join(grid.Columns.Zip(one.Cells, (c, cell) => Markup.Html($"<tr><th scope=\"row\">{c}</th>{Cell(cell)}</tr>\n"))), default)
            : (Markup.Join(grid.Columns.Select((c, n) => Markup.Html($"<th scope=\"col\" title=\"{c}\">{n + 1}</th>"))),
                Markup.Join(grid.Rows.Select(r => Markup.Html($"<tr><th scope=\"row\">{r.Name}</th>{Markup.Join(r.Cells.Select(Cell))}</tr>\n"))),
                Markup.Join(grid.Columns.Select((c, n) => Markup.Html($"<br>{n + 1} = {c}"))));
        return Markup.Html($"<div class=\"e grid\" tabindex=\"0\"><table><thead><tr><td></td>{heads}</tr></thead><tbody>\n{rows}</tbody></table><span class=\"dim\">+ must succeed, − must not; beside it what was seen{legend}</span></div>\n");
    }

    /// <summary>A cell of a grid: what was expected, and beside it what was seen.</summary>
    public static Raw Cell(EvidenceCell cell) => cell.Seen.Length == 0 ? new("<td></td>")
        : Markup.Html($"<td class=\"{(!cell.Met ? "failed" : cell.Expected ? "allowed" : "denied")}\">{(cell.Expected ? "+" : "−")} {cell.Seen}{(cell.Met ? "" : ", not as expected")}</td>");
}
