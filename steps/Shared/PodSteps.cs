using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Pods with something unusual about them, and who refuses them.</summary>
[Binding]
public sealed class PodSteps(ScenarioPlatform scenario, ScenarioState state, TenantPodDriver pods)
{
    /// <summary>A policy is in force a second after it was written; a verdict that does not come in this time is another one.</summary>
    public static readonly TimeSpan VerdictDeadline = TimeSpan.FromSeconds(10);

    [StepArgumentTransformation("(" + PodTrait.Phrases + ")", Name = "trait")]
    public static PodTrait ToTrait(string phrase) => PodTrait.Of(phrase);

    [StepArgumentTransformation("(" + PodParts.Phrases + ")", Name = "part")]
    public static PodPart ToPart(string phrase) => PodParts.Of(phrase);

    [StepArgumentTransformation("(" + PodRefusal.Phrases + ")", Name = "refusal")]
    public static PodRefusal ToRefusal(string phrase) => PodRefusal.Of(phrase);

    [When("tenant {string} submits a pod that {trait}")]
    public async Task WhenSubmits(string tenant, PodTrait trait) => state.Pod = await pods.SubmitAsync(scenario[tenant], trait);

    [When("tenant {string} runs a pod that {trait}")]
    public async Task WhenRuns(string tenant, PodTrait trait) => state.Pod = await pods.RunAsync(scenario[tenant], trait);

    [Then("the pod is admitted")]
    public void ThenAdmitted() => state.Pod.Answer.Code.Should().Be(201, "the pod should be admitted: {0}", state.Pod.Answer);

    [Then("the pod is refused by {refusal}")]
    public void ThenRefused(PodRefusal refusal) => refusal.Is(state.Pod.Answer).Should().BeTrue("the pod should be refused, {0}, but was: {1}", refusal, state.Pod.Answer);

    [Then("tenant {string} gets {part} that {trait} admitted")]
    public Task ThenGetsAdmitted(string tenant, PodPart part, PodTrait trait) => TryUntilAsync("admitted", tenant, part, trait, a => a.Allowed);

    [Then("tenant {string} gets {part} that {trait} admitted with a warning that names {string}")]
    public Task ThenGetsWarned(string tenant, PodPart part, PodTrait trait, string what) =>
        TryUntilAsync($"admitted with a warning that names \"{what}\"", tenant, part, trait, a => a.Allowed && a.Warnings.Any(w => w.Contains(what, StringComparison.Ordinal)));

    [Then("tenant {string} gets {part} that {trait} refused by {refusal}")]
    public Task ThenGetsRefused(string tenant, PodPart part, PodTrait trait, PodRefusal refusal) => ThenGetsRefusedFor(tenant, part, trait, refusal, "");

    [Then("tenant {string} gets {part} that {trait} refused by {refusal} for {string}")]
    public Task ThenGetsRefusedFor(string tenant, PodPart part, PodTrait trait, PodRefusal refusal, string what) =>
        TryUntilAsync($"refused, {refusal} and \"{what}\"", tenant, part, trait, a => refusal.Is(a) && a.Message!.Contains(what, StringComparison.Ordinal));

    private async Task TryUntilAsync(string awaited, string tenant, PodPart part, PodTrait trait, Func<ApiAnswer, bool> enough) =>
        state.Pod = await Poll.UntilAsync($"{part.Phrase()} that {trait.Phrase} to be {awaited}", () => pods.TryAsync(scenario[tenant], trait, part),
            p => enough(p.Answer), p => p.Answer.ToString(), VerdictDeadline);
}
