using SecuritySpecs.Drivers.Shared.Pods;
using SecuritySpecs.Drivers.Shared.Refusals;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Deployments and Jobs: admitted themselves, while their pods are judged one by one.</summary>
[Binding]
public sealed class TemplateSteps(ScenarioPlatform scenario, TemplateDriver templates)
{
    private SubmittedTemplate? _latest;

    [When("tenant {string} submits a Deployment whose pod {trait}")]
    public Task WhenADeployment(string tenant, PodTrait trait) => SubmitAsync(tenant, "Deployment", trait);

    [When("tenant {string} submits a Job whose pod {trait}")]
    public Task WhenAJob(string tenant, PodTrait trait) => SubmitAsync(tenant, "Job", trait);

    [Then("it is accepted")]
    public void ThenAccepted() => Latest.Answer.Code.Should().Be(201, "only its pods are judged: {0}", Latest.Answer);

    [Then("it is accepted with a warning that names {string}")]
    public void ThenWarned(string what)
    {
        ThenAccepted();
        scenario.Note("API server", string.Join("; ", Latest.Answer.Warnings));
        Latest.Answer.Warnings.Should().Contain(w => w.Contains(what, StringComparison.Ordinal), "the tenant should be told at once");
    }

    [Then("its events say that its pod is refused by {refusal}")]
    public async Task ThenTheEventsSay(PodRefusal refusal) => (await templates.FailureAsync(Latest)).Should().Contain(refusal.Says);

    [Then("it has no pod")]
    public async Task ThenNoPod() => (await templates.PodsAsync(Latest)).Should().Be(0, "its pod is refused");

    [Then("it gets its pod")]
    public Task ThenAPod() => Poll.UntilAsync($"{Latest.Name} to have its pod", () => templates.PodsAsync(Latest), n => n == 1, n => $"{n} pods");

    private SubmittedTemplate Latest => _latest ?? throw new InvalidOperationException("No step of this scenario has submitted a Deployment or a Job yet.");

    private async Task SubmitAsync(string tenant, string kind, PodTrait trait) => _latest = await templates.SubmitAsync(scenario[tenant], kind, trait);
}
