using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Deployments and Jobs: admitted themselves, while their pods are judged one by one.</summary>
[Binding]
public sealed class TemplateSteps(ScenarioPlatform scenario, ScenarioState state, TemplateDriver templates)
{
    [StepArgumentTransformation("(Deployment|Job)", Name = "template")]
    public static string ToTemplate(string kind) => kind;

    [When("tenant {string} submits a {template} whose pod {trait}")]
    public async Task WhenSubmits(string tenant, string kind, PodTrait trait) => state.Template = await templates.SubmitAsync(scenario[tenant], kind, trait);

    [Then("it is accepted{warning}")]
    public void ThenAccepted(ExpectedWarning warning)
    {
        state.Template.Answer.Code.Should().Be(201, "only its pods are judged: {0}", state.Template.Answer);
        warning.Judge(scenario, state.Template.Answer, "it should be accepted{0}, but the warnings were \"{1}\"");
    }

    [Then("its events say that its pod is refused by {refusal}")]
    public async Task ThenTheEventsSay(PodRefusal refusal) => (await templates.FailureAsync(state.Template)).Should().Contain(refusal.Says);

    [Then("it has no pod")]
    public async Task ThenNoPod() => (await templates.PodsAsync(state.Template)).Should().Be(0, "nobody may make its pod yet");

    [Then("it gets its pod")]
    public Task ThenAPod() => Poll.UntilAsync($"{state.Template.Name} to have its pod", () => templates.PodsAsync(state.Template), n => n == 1, n => $"{n} pods");
}
