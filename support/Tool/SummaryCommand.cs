using System.Text.Json;
using SecuritySpecs.Cluster;
using SecuritySpecs.Reports;

namespace SecuritySpecs.Tool;

/// <summary>The end of every run for a person: the posture at a glance, then one line that counts.</summary>
internal static class SummaryCommand
{
    public static int Run(Arguments arguments)
    {
        var folder = arguments.One("--results") ?? throw new EnvironmentException("option --results is missing");
        var posture = Read(Path.Combine(folder, "posture.json"));
        ConsoleSummary.Write(posture, Console.Out);
        // At the end: whoever keeps no more than the end of a long output still sees what to mend.
        var tests = arguments.All("--trx").Select(UnitTests.Read).ToList();
        foreach (var project in tests)
            project.WriteFailures(Console.Out);
        Console.WriteLine($"\nReport: {Path.Combine(folder, "posture.html")}");
        var totals = posture.Totals;
        var failed = totals.Failed + tests.Sum(t => t.Failures.Count);
        Console.WriteLine(ConsoleSummary.LastLine(
            totals.Passed + tests.Sum(t => t.Passed), failed, totals.Inconclusive + totals.Skipped + tests.Sum(t => t.Skipped)));
        return posture.Run.Error is not null || posture.Scenarios.Count == 0 ? 2
            : failed > 0 ? 1
            : posture.Required.Any(r => !r.Present) ? 3
            : 0;
    }

    /// <summary>The posture of a results folder.</summary>
    /// <exception cref="EnvironmentException">The run wrote none.</exception>
    public static Posture Read(string path)
    {
        try
        {
            return Posture.FromJson(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new EnvironmentException($"The run left no results ({path}): {e.Message} scenarios.log beside it says why.", e);
        }
    }
}
