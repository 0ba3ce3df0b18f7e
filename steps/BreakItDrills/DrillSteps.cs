using SecuritySpecs.Drivers.BreakItDrills;
using SecuritySpecs.Steps.Run;

namespace SecuritySpecs.Steps.BreakItDrills;

/// <summary>The query of a drill's runbook, which the scenario runs so that it stays true.</summary>
[Binding]
public sealed class DrillSteps(RunbookDriver runbook, ScenarioContext context)
{
    private const string Mistake = "the mistake";

    [StepArgumentTransformation($"({Mistake}|no mistake)", Name = "finding")]
    public static string ToFinding(string phrase) => phrase;

    [Then("the query of the runbook finds {finding}")]
    public Task ThenFinds(string finding) => runbook.QueryAsync(new ScenarioTags(context.ScenarioInfo.CombinedTags).Drill
        ?? throw new InvalidOperationException("Only a scenario with the tag @drill:NAME has a runbook."), finding == Mistake);
}
