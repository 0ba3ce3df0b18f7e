using SecuritySpecs.Steps.Run;

namespace SecuritySpecs.Steps.BreakItDrills;

/// <summary>Keeps the course of a drill on GPU quotas: after each step, what each tenant has of what its quota allows.</summary>
[Binding]
public sealed class DrillCourse(ScenarioContext context, QuotaDriver quotas)
{
    // Before the step's evidence is closed.
    [AfterStep(Order = 1)]
    public async Task EndStep()
    {
        if (new ScenarioTags(context.ScenarioInfo.CombinedTags).Drill is not null && context.StepContext!.Status == ScenarioExecutionStatus.OK)
            await quotas.NoteAllAsync();
    }
}
