using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Html;

/// <summary>The fleet as a picture: by pool and node a cell for each GPU, and who holds how many.</summary>
internal static class FleetPart
{
    private const char Free = '·';
    private const char Out = '×';

    /// <summary>Adds it to the page: the fleet at the end of the run, and at the moment of the run when most of it was held.</summary>
    public static void Render(Posture posture, StringBuilder page)
    {
        if (posture.Fleet?.Nodes is not { Count: > 0 } nodes)
            return;
        page.Add($"""
            <h2 id="fleet">Fleet</h2>
            <p class="dim">As the run found it at its end. A cell is a GPU. Real nodes have a kubelet, which runs pods; the others exist in the API only, for the scheduler and the quotas.</p>
            {Picture(nodes)}
            <details><summary>Labels and taints of the nodes</summary><table class="wide"><tr><th>Node</th><th>GPUs</th><th>Labels</th><th>Taints</th></tr>

            """);
        foreach (var node in nodes)
            page.Add($"<tr><td>{node.Name}</td><td>{node.Gpus}</td><td class=\"mono\">{Markup.Join(node.Labels.Select(l => Markup.Html($"{l.Key}={l.Value}")), "<br>")}</td><td class=\"mono\">{Markup.Join(node.Taints.Select(t => Markup.Html($"{t}")), "<br>")}</td></tr>\n");
        page.Append("</table></details>\n");
        if (Fullest(posture) is { } fullest)
        {
            var (feature, line, name) = (fullest.Scenario.Feature, fullest.Scenario.Line, fullest.Scenario.Name);
            page.Add($"<h3>When most of it was held</h3>\n<p class=\"dim\">In <a href=\"#{feature}:{line}\">{name}</a>, after “{fullest.Step.Keyword} {fullest.Step.Text}”.</p>\n{Picture(fullest.Nodes)}");
        }
    }

    /// <summary>The nodes, and what the cells stand for.</summary>
    public static Raw Picture(IReadOnlyList<FleetNode> nodes)
    {
        var signs = nodes.SelectMany(n => n.Holders).Select(h => h.Who).Distinct().Order(StringComparer.Ordinal).Select((who, n) => (who, n)).ToDictionary(h => h.who, h => h.n);
        var pools = Markup.Join(nodes.GroupBy(n => n.Pool).Select(p => Markup.Html($"<li><b>{p.Key ?? "no pool"}</b><ul>{Markup.Join(p.Select(n => Node(n, signs)))}</ul></li>\n")));
        return Markup.Html($"<ul class=\"fleet\">{pools}</ul><p class=\"fleet dim\">{Legend(nodes, signs)}</p>\n");
    }

    private static Raw Node(FleetNode node, Dictionary<string, int> signs)
    {
        var held = node.Holders.SelectMany(h => Enumerable.Repeat(Markup.Html($"<i class=\"h{Math.Min(signs[h.Who], 3)}\">{Sign(signs[h.Who])}</i>"), h.Gpus));
        var rest = new string(Free, node.Free()) + new string(Out, node.Out());
        return Markup.Html($"<li>{node.Name} <span class=\"dim\">{(node.Real ? "real" : "API only")}</span><span class=\"gpus\" role=\"img\" aria-label=\"{InWords(node)}\">{Markup.Join(held.Concat(rest.Select(c => new Raw($"<i>{c}</i>"))))}</span></li>");
    }

    private static string InWords(FleetNode node)
    {
        var parts = node.Holders.Select(h => $"{h.Who} holds {h.Gpus}").Append($"{node.Free()} free");
        return $"{string.Join(", ", node.Out() > 0 ? parts.Append($"{node.Out()} not healthy") : parts)}, of {node.Gpus} GPUs";
    }

    private static Raw Legend(IReadOnlyList<FleetNode> nodes, Dictionary<string, int> signs)
    {
        var parts = signs.Select(s => $"{Sign(s.Value)} {s.Key}: {nodes.Sum(n => n.Holders.Where(h => h.Who == s.Key).Sum(h => h.Gpus))}").Append($"{Free} free: {nodes.Sum(n => n.Free())}");
        var sick = nodes.Sum(n => n.Out());
        return Markup.Html($"{string.Join("; ", sick > 0 ? parts.Append($"{Out} not healthy: {sick}") : parts)}. Counted by the pods that are bound to the node; which of its GPUs a pod has, the API server does not say.");
    }

    // A letter each; who comes after the 26th shares the last.
    private static char Sign(int holder) => (char)('A' + Math.Min(holder, 25));

    private static (ScenarioResult Scenario, StepResult Step, IReadOnlyList<FleetNode> Nodes)? Fullest(Posture posture) => posture.Scenarios
        .SelectMany(s => s.Steps.SelectMany(t => t.Evidence.Where(e => e.Fleet is not null).Select(e => (Scenario: s, Step: t, Nodes: e.Fleet!))))
        .Where(l => l.Nodes.Sum(n => n.Held()) > 0).Select(l => ((ScenarioResult, StepResult, IReadOnlyList<FleetNode>)?)l).MaxBy(l => l!.Value.Item3.Sum(n => n.Held()));
}
