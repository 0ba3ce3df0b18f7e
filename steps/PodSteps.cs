using FluentAssertions;
using Reqnroll;
using SecuritySpecs.Kube;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>Pods with something unusual about them, and who refuses them.</summary>
[Binding]
public sealed class PodSteps(ScenarioPlatform scenario, ScenarioState state, TenantPodDriver pods)
{
    [StepArgumentTransformation("(" + PodTrait.Phrases + ")", Name = "trait")]
    public static PodTrait ToTrait(string phrase) => PodTrait.Of(phrase);

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

    [Then("tenant {string} gets a pod that {trait} admitted")]
    public async Task ThenGetsAdmitted(string tenant, PodTrait trait) => state.Pod = await Poll.UntilAsync($"a pod that {trait.Phrase} to be admitted",
        () => pods.TryAsync(scenario[tenant], trait), p => p.Answer.Allowed, p => p.Answer.ToString());

    [Then("tenant {string} gets a pod that {trait} refused by {refusal} for {string}")]
    public async Task ThenGetsRefusedFor(string tenant, PodTrait trait, PodRefusal refusal, string what)
    {
        await ThenGetsRefused(tenant, trait, refusal);
        state.Pod.Answer.Message.Should().Contain(what, "another reason would hide that this one counts for nothing");
    }

    [Then("tenant {string} gets a pod that {trait} refused by {refusal}")]
    public async Task ThenGetsRefused(string tenant, PodTrait trait, PodRefusal refusal) => state.Pod = await Poll.UntilAsync($"a pod that {trait.Phrase} to be refused, {refusal}",
        () => pods.TryAsync(scenario[tenant], trait), p => refusal.Is(p.Answer), p => p.Answer.ToString());
}
