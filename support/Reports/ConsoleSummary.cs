using SecuritySpecs.Evidence;

namespace SecuritySpecs.Reports;

/// <summary>A posture as text that a person reads at a glance.</summary>
public static class ConsoleSummary
{
    private const int Widest = 400;

    // Of a failure: what was expected, and the table of what was seen.
    private const int Head = 12;
    private const int Tail = 20;

    /// <summary>Writes the controls, then what did not pass and why, then what is not claimed.</summary>
    /// <param name="posture">The results.</param>
    /// <param name="to">Takes the text.</param>
    /// <param name="page">The path of the report that holds all of a long failure.</param>
    public static void Write(Posture posture, TextWriter to, string page = "posture.html")
    {
        to.WriteLine();
        if (Wording.Incomplete(posture) is { } incomplete)
            to.WriteLine($"{incomplete}\n");
        if (posture.Cluster is { } cluster)
        {
            var absent = cluster.Capabilities.Where(c => !c.Present).Select(c => c.Name).ToList();
            to.WriteLine($"Cluster   Kubernetes {cluster.Version}, {cluster.Nodes} {(cluster.Nodes == 1 ? "node" : "nodes")} ({cluster.Source}: {cluster.Name})");
            if (posture.Run.Controls is { } controls)
                to.WriteLine($"Controls  those of {controls}, in place of fleet-fixtures/controls");
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
            {
                to.WriteLine($"  {Wording.Of(control.Status),-12}  {control.Title}  [{control.Id}]  ({Wording.Counts(control)})");
                if (control.Simulated is { } enforcer)
                    to.WriteLine($"                simulated: {enforcer}");
                if (control is { Status: ControlStatus.Failed, Impact: { } impact })
                    to.WriteLine($"                without it: {impact}");
            }
        }

        WriteFailed(posture, to, page);
        WriteReasons(ResultStatus.Inconclusive, posture, to);
        WriteReasons(ResultStatus.NotProvided, posture, to);
        WriteReasons(ResultStatus.Skipped, posture, to);
        if (posture.Run.Error is { } error)
            to.WriteLine($"\nThe run is in error: {error}");
        foreach (var missing in posture.Required.Where(r => !r.Present))
            to.WriteLine($"\nRequired but missing: {missing.Name}");
        to.WriteLine($"\nNot claimed: {string.Join("; ", posture.NonClaims)}.");
        to.WriteLine($"\nControls   {Wording.Controls(posture)}");
        to.WriteLine($"Scenarios  {Wording.Scenarios(posture)}");
    }

    /// <summary>The last line of every run.</summary>
    public static string LastLine(int passed, int failed, int skipped) =>
        string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped");

    private static void WriteFailed(Posture posture, TextWriter to, string page)
    {
        var failed = posture.Scenarios.Where(s => s.Status == ResultStatus.Failed).ToList();
        if (failed.Count > 0)
            to.WriteLine("\nFailed:");
        foreach (var scenario in failed)
        {
            to.WriteLine($"  {scenario.Feature}:{scenario.Line}  {scenario.Name}");
            var step = scenario.Steps.FirstOrDefault(s => s.Status == ResultStatus.Failed);
            if (step is not null)
                to.WriteLine($"      {step.Keyword} {step.Text}");
            foreach (var line in Excerpt.Of(scenario.Error ?? "", Head, Tail, page))
                to.WriteLine($"      {(line.Length > Widest ? line[..Widest] + "..." : line)}");
            to.WriteLine($"      again: {Wording.Again(posture, scenario)}");
        }
    }

    // One reason is often that of a whole feature: it is told once, with the places.
    private static void WriteReasons(ResultStatus status, Posture posture, TextWriter to)
    {
        var reasons = posture.Scenarios.Where(s => s.Status == status).GroupBy(s => s.Error).OrderByDescending(r => r.Count()).ToList();
        if (reasons.Count > 0)
            to.WriteLine($"\n{(status == ResultStatus.NotProvided ? "Not provided" : status)}:");
        foreach (var reason in reasons)
        {
            to.WriteLine($"  {reason.Count()} x  {reason.Key ?? "no reason was given"}");
            foreach (var feature in reason.GroupBy(s => s.Feature))
                to.WriteLine($"      {feature.Key}:{string.Join(", ", feature.Select(s => s.Line).Distinct().Order())}");
        }
    }

    private static string OrNone(IEnumerable<string> names) => string.Join(", ", names.DefaultIfEmpty("none"));
}
