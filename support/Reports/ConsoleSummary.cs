using System.Globalization;

namespace SecuritySpecs.Reports;

/// <summary>A posture as text that a person reads at a glance.</summary>
public static class ConsoleSummary
{
    private const int Widest = 100;

    /// <summary>Writes the controls, then what did not pass and why, then what is not claimed.</summary>
    public static void Write(Posture posture, TextWriter to)
    {
        to.WriteLine();
        if (posture.Cluster is { } cluster)
        {
            var absent = cluster.Capabilities.Where(c => !c.Present).Select(c => c.Name).ToList();
            to.WriteLine($"Cluster   Kubernetes {cluster.Version}, {cluster.Nodes} {(cluster.Nodes == 1 ? "node" : "nodes")} ({cluster.Source}: {cluster.Name})");
            if (posture.Fleet is { } fleet)
                to.WriteLine($"Fleet     {fleet.Gpus} GPUs; real nodes: {OrNone(fleet.RealNodes)}; API-only nodes: {fleet.ApiOnlyNodes.Count}");
            to.WriteLine($"Can       {OrNone(cluster.Capabilities.Where(c => c.Present).Select(c => c.Name))}");
            if (absent.Count > 0)
                to.WriteLine($"Cannot    {string.Join(", ", absent)}");
            to.WriteLine();
        }

        foreach (var section in posture.Controls.GroupBy(c => c.Section))
        {
            to.WriteLine(section.Key);
            foreach (var control in section)
                to.WriteLine($"  {Word(control.Status),-12}  {control.Title}  ({control.Passed} of {control.Scenarios} scenarios)");
        }

        foreach (var status in (ResultStatus[])[ResultStatus.Failed, ResultStatus.Inconclusive, ResultStatus.Skipped])
            WriteEach(status, posture, to);
        if (posture.Run.Error is { } error)
            to.WriteLine($"\nNothing could be judged: {error}");
        foreach (var missing in posture.Required.Where(r => !r.Present))
            to.WriteLine($"\nRequired but missing: {missing.Name}");
        to.WriteLine($"\nNot claimed: {string.Join("; ", posture.NonClaims)}.");
    }

    /// <summary>The last line of every run.</summary>
    public static string LastLine(int passed, int failed, int skipped) =>
        string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped");

    private static void WriteEach(ResultStatus status, Posture posture, TextWriter to)
    {
        var these = posture.Scenarios.Where(s => s.Status == status).ToList();
        if (these.Count == 0)
            return;
        to.WriteLine($"\n{status}:");
        foreach (var scenario in these)
        {
            to.WriteLine($"  {scenario.Feature}:{scenario.Line}  {scenario.Name}");
            var step = scenario.Steps.FirstOrDefault(s => s.Status == ResultStatus.Failed);
            if (step is not null)
                to.WriteLine($"      {step.Keyword} {step.Text}");
            foreach (var line in (scenario.Error ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(6))
                to.WriteLine($"      {(line.Length > Widest * 4 ? line[..(Widest * 4)] + "..." : line)}");
        }
    }

    private static string OrNone(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));

    private static string Word(ControlStatus status) => status switch
    {
        ControlStatus.Proven => "proven",
        ControlStatus.Failed => "FAILED",
        _ => "inconclusive",
    };
}
