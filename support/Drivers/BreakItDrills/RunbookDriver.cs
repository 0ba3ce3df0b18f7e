using SecuritySpecs.Drills;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.BreakItDrills;

/// <summary>Runs the query of a drill's runbook as a person would, and keeps the runbook beside what it printed.</summary>
public sealed class RunbookDriver(ScenarioPlatform scenario)
{
    /// <summary>Whose observations the runbook's words are.</summary>
    public const string Actor = "runbook";

    // What is being deleted is still listed for a moment.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>Runs the query until it prints what the runbook says.</summary>
    /// <param name="drill">The drill's name.</param>
    /// <param name="mistake">Whether the mistake is there.</param>
    /// <exception cref="TimeoutException">It prints something else; the message says what.</exception>
    public async Task QueryAsync(string drill, bool mistake)
    {
        var runbook = Runbook.Read(scenario.Platform.Options.Root).First(r => r.Drill == drill);
        var (line, expected) = (Query(runbook), mistake ? runbook.Finds : runbook.Otherwise);
        var other = mistake ? runbook.Otherwise : runbook.Finds;
        var printed = await Poll.UntilAsync($"the query of {Runbook.FileName}:{runbook.Line} to print what matches {(mistake ? "finds" : "otherwise")}: {expected}\n  {line}\n",
            () => scenario.Platform.Kubectl.RunAsync(line), text => expected.IsMatch(text) && !other.IsMatch(text), text => text.Length == 0 ? "nothing" : text, Deadline);
        foreach (var note in mistake ? [$"symptom: {runbook.Symptom}", $"triage: {runbook.Triage}"] : new[] { $"fix: {runbook.Fix}", $"verification: {runbook.Verification}", $"prevention: {runbook.Prevention}" })
            scenario.Note(Actor, note);
        scenario.Note(Actor, $"$ {line}\n{(printed.Length == 0 ? "(nothing)" : printed)}");
    }

    /// <summary>The query as somebody pastes it into a shell, for this scenario's tenants.</summary>
    public string Query(Runbook runbook) => runbook.QueryFor(scenario.Tenants.Namespaces.Append(new("drill", $"-l {RunLabels.Scenario}={scenario.Id}")).ToDictionary());
}
