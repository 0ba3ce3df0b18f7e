using SecuritySpecs.Reports.Formats;

namespace SecuritySpecs.Tool.Report;

/// <summary><c>specs report</c> and <c>specs diff</c>: what is made of results that are there. Neither needs a cluster.</summary>
internal static class ReportCommand
{
    private const string StepSummary = "GITHUB_STEP_SUMMARY";

    /// <summary>Writes the formats beside the posture. The Markdown is added to the job's summary, too, where there is one.</summary>
    /// <param name="from">The posture; null for that of the last run.</param>
    /// <param name="formats">Their names; null for all.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="EnvironmentException">There is no such format or no posture, or a file cannot be written.</exception>
    public static int Run(string? from, string? formats)
    {
        var wanted = ReportFormat.Of(formats);
        var file = Path.GetFullPath(from ?? Path.Combine(RunOptions.FromEnvironment().Results, "posture.json"));
        var posture = Read(file);
        foreach (var format in wanted)
        {
            var (to, text) = (Path.Combine(Path.GetDirectoryName(file)!, format.File), format.Render(posture));
            File.WriteAllText(to, text);
            Console.WriteLine($"{to}  {format.For}");
            if (format == ReportFormat.Markdown && RunEnvironment.Variable(StepSummary) is { } summary)
                File.AppendAllText(summary, text);
        }

        return 0;
    }

    /// <summary>Prints what has changed.</summary>
    /// <returns>1 where something is worse than before.</returns>
    /// <exception cref="EnvironmentException">One of them is no posture.</exception>
    public static int Diff(string before, string after)
    {
        var diff = PostureDiff.Of(Read(before), Read(after));
        Print("Worse", diff.Regressions);
        Print("Better", diff.Improvements);
        Print("Other", diff.Notes);
        Console.WriteLine($"{diff.Regressions.Count} worse, {diff.Improvements.Count} better, {diff.Notes.Count} other");
        return diff.Regressions.Count > 0 ? 1 : 0;
    }

    private static Posture Read(string file)
    {
        try
        {
            using var json = File.OpenRead(file);
            var posture = Posture.FromJson(json);
            return posture is { SchemaVersion: Posture.CurrentSchema, Run: not null, Controls: not null, Scenarios: not null } ? posture
                : throw new EnvironmentException($"{file}: its schemaVersion is {posture?.SchemaVersion ?? 0}, this version of specs reads {Posture.CurrentSchema}");
        }
        catch (JsonException e)
        {
            throw new EnvironmentException($"{file}:{(e.LineNumber ?? 0) + 1}: no posture: {e.Message}", e);
        }
    }

    private static void Print(string title, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
            Console.WriteLine($"{title}:\n  {string.Join("\n  ", lines)}\n");
    }
}
