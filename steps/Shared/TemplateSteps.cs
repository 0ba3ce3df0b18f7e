using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Deployments and Jobs: admitted themselves, while their pods are judged one by one.</summary>
[Binding]
public sealed class TemplateSteps(ScenarioPlatform scenario, TemplateDriver templates)
{
    private SubmittedTemplate? _latest;

    [StepArgumentTransformation("(Deployment|Job)", Name = "template")]
    public static string ToTemplate(string kind) => kind;

    [When("tenant {string} submits a {template} whose pod {trait}")]
    public async Task WhenSubmits(string tenant, string kind, PodTrait trait) => _latest = await templates.SubmitAsync(scenario[tenant], kind, trait);

    [Then("it is accepted{warning}")]
    public void ThenAccepted(ExpectedWarning warning)
    {
        Latest.Answer.Code.Should().Be(201, "only its pods are judged: {0}", Latest.Answer);
        warning.Judge(scenario, Latest.Answer, "it should be accepted{0}, but the warnings were \"{1}\"");
    }

    [Then("its events say that its pod is refused by {refusal}")]
    public async Task ThenTheEventsSay(PodRefusal refusal) => (await templates.FailureAsync(Latest)).Should().Contain(refusal.Says);

    [Then("it has no pod")]
    public async Task ThenNoPod() => (await templates.PodsAsync(Latest)).Should().Be(0, "its pod is refused");

    [Then("it gets its pod")]
    public Task ThenAPod() => Poll.UntilAsync($"{Latest.Name} to have its pod", () => templates.PodsAsync(Latest), n => n == 1, n => $"{n} pods");

    private SubmittedTemplate Latest => _latest ?? throw new InvalidOperationException("No step of this scenario has submitted a Deployment or a Job yet.");
}
