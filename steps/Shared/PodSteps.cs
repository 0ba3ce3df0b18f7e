using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Steps.Shared;

/// <summary>
/// Pods of tenants. A tenant "submits" a pod where only the API server's verdict matters; it "runs" one where the pod must
/// come up on a node.
/// </summary>
[Binding]
public sealed class PodSteps(ScenarioPlatform scenario, ScenarioState state, PodRequests pods)
{
    [StepArgumentTransformation("(" + PodTrait.Phrases + ")", Name = "trait")]
    public static PodTrait ToTrait(string phrase) => PodTrait.Of(phrase);

    [StepArgumentTransformation("(" + PodRequest.Forms + ")", Name = "pod")]
    public static PodRequest ToPod(string words) => PodRequest.Of(words);

    [When("tenant {string} submits {pod}")]
    public async Task WhenSubmits(string tenant, PodRequest pod) => state.Pod = await pods.SubmitAsync(scenario[tenant], pod);

    [When("tenant {string} runs {pod}")]
    public async Task WhenRuns(string tenant, PodRequest pod) => state.Pod = await pods.RunAsync(scenario[tenant], pod);

    [When("tenant {string} adds to its pod a debug container that {trait}")]
    public async Task WhenDebugs(string tenant, PodTrait trait)
    {
        state.Pod.Tenant.Should().Be(scenario[tenant], "the step is about the latest pod");
        state.Pod = await TenantPodDriver.DebugAsync(state.Pod, trait);
        state.Pod.Answer.OrThrow();
    }

    [Then("the pod is admitted{warning}")]
    public void ThenAdmitted(ExpectedWarning warning)
    {
        state.Pod.Answer.Code.Should().Be(201, "the pod should be admitted: {0}", state.Pod.Answer);
        warning.Judge(scenario, state.Pod.Answer, "the pod should be admitted{0}, but the warnings were \"{1}\"");
    }

    [Then("the pod/label/annotation/image is refused by {refusal}")]
    public void ThenRefused(PodRefusal refusal) => refusal.Is(state.Pod.Answer).Should().BeTrue("this should be refused, {0}, but was: {1}", refusal, state.Pod.Answer);

    [Then("the pod of tenant {string} runs")]
    public async Task ThenRuns(string tenant) => ShouldStay(await scenario[tenant].Pods.WaitReadyAsync(LatestOf(tenant)));

    // On a node that may exist in the API only, where nothing runs: what is judged is the scheduler.
    [Then("the pod of tenant {string} is (still )scheduled to a node")]
    public async Task ThenScheduled(string tenant) => ShouldStay(await scenario[tenant].Pods.WaitPlacedAsync(LatestOf(tenant)));

    private string LatestOf(string tenant) => state.Pods.Last(p => p.Tenant.Name == tenant).Name;

    private static void ShouldStay(JsonNode pod) => pod["metadata"]!["deletionTimestamp"].Should().BeNull("nobody may push it aside");
}
