using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports.Formats;

/// <summary>A summary in Markdown: the verdicts, what failed and why, what could not be shown, and what is not claimed.</summary>
public static class MarkdownReport
{
    /// <summary>The most that it has, in bytes. GitHub takes 1 MiB for the summaries of a step.</summary>
    public const int MostBytes = 900 * 1024;

    private const string End = "\n*The rest is left out: posture.html has all of it.*\n";

    /// <summary>The text.</summary>
    public static string Render(Posture posture)
    {
        using var to = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        to.WriteLine($"## Security posture: {Wording.Controls(posture)}\n");
        if (posture.Run.Error is { } error)
            Code(to, $"The run is in error: {error}");
        if (Wording.Incomplete(posture) is { } incomplete)
            to.WriteLine($"**{Text(incomplete)}**\n");
        to.WriteLine($"Kubernetes {Text(posture.Cluster?.Version ?? "none")}, {posture.Fleet?.Gpus ?? 0} GPUs, run {Text(posture.Run.Id)}{(posture.Run.Controls is { } controls ? $", controls of {Text(controls)}" : "")}. Scenarios: {Wording.Scenarios(posture)}.\n");
        Failures(posture, to);
        to.WriteLine("| Control | Verdict | Scenarios |\n| --- | --- | --- |");
        foreach (var control in posture.Controls)
            to.WriteLine($"| {Cell(control.Title)} (`{control.Id}`) | {Wording.Of(control.Status)}{(control.Simulated is { } enforcer ? Cell($": {enforcer}") : "")} | {Wording.Counts(control)} |");
        foreach (var reason in posture.Scenarios.Where(s => s.Status is ResultStatus.Inconclusive or ResultStatus.NotProvided or ResultStatus.Skipped).GroupBy(s => (s.Status, s.Error)).OrderByDescending(r => r.Count()))
            to.WriteLine($"\n- {reason.Count()} {Wording.Of(reason.Key.Status)}: {Text(reason.Key.Error ?? "no reason was given")}");
        to.WriteLine($"\nNot claimed: {Text(string.Join("; ", posture.NonClaims))}.");
        return Cut(to.ToString());
    }

    private static void Failures(Posture posture, TextWriter to)
    {
        foreach (var scenario in posture.Scenarios.Where(s => s.Status == ResultStatus.Failed))
        {
            to.WriteLine($"### {Text(scenario.Name)}\n\n`{scenario.Feature}:{scenario.Line}`; again: `{Wording.Again(posture, scenario)}`\n");
            Code(to, scenario.Error ?? "no reason was given");
        }
    }

    // The fence is longer than any in the text.
    private static void Code(TextWriter to, string text)
    {
        var fence = new string('`', Math.Max(3, text.Split('\n').Max(l => l.TakeWhile(c => c is '`' or ' ').Count()) + 1));
        to.WriteLine($"{fence}text\n{text.TrimEnd()}\n{fence}\n");
    }

    private static string Cell(string text) => Text(text).Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);

    private static string Text(string text) => WebUtility.HtmlEncode(text).Replace("&#39;", "'", StringComparison.Ordinal).Replace("&quot;", "\"", StringComparison.Ordinal)
        .Replace("*", "\\*", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);

    private static string Cut(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= MostBytes)
            return text;
        var kept = new StringBuilder();
        var left = MostBytes - Encoding.UTF8.GetByteCount(End);
        var fence = "";
        foreach (var line in text.Split('\n'))
        {
            left -= Encoding.UTF8.GetByteCount(line) + 1;
            if (left < fence.Length + 1)
                break;
            kept.Append(line).Append('\n');
            if (line.StartsWith("```", StringComparison.Ordinal) && (fence.Length == 0 || line == fence))
                fence = fence.Length == 0 ? line[..(line.LastIndexOf('`') + 1)] : "";
        }

        return fence.Length == 0 ? kept.Append(End).ToString() : kept.Append(fence).Append('\n').Append(End).ToString();
    }
}
