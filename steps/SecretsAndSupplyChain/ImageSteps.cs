using SecuritySpecs.Drivers.SecretsAndSupplyChain;
using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>Which images tenants start and mount, and where these come from.</summary>
[Binding]
public sealed class ImageSteps(ScenarioPlatform scenario, ScenarioState state, TenantPodDriver pods, ImageDriver images)
{
    [StepArgumentTransformation("(" + PodParts.Phrases + ")", Name = "part")]
    public static PodPart ToPart(string phrase) => PodParts.Of(phrase);

    [When("tenant {string} tries to give its pod the image {string}")]
    public async Task WhenChanges(string tenant, string image) => state.Pod = await TenantPodDriver.ChangeImageAsync(state.Pod, image);

    [Then("these images are refused or admitted for tenant {string} as follows:")]
    public async Task ThenImages(string tenant, DataTable table) =>
        (await images.WrongAsync(scenario[tenant], [.. table.Rows.Select(r => (r["image"], r["answer"]))])).Should().BeEmpty("admission should answer as the table says");

    [Then("{part} that {trait} is stored for tenant {string} with the pull policy {string}")]
    public async Task ThenStored(PodPart part, PodTrait trait, string tenant, string policy)
    {
        var answer = (await pods.TryAsync(scenario[tenant], trait, part)).Answer.OrThrow();
        ImageDriver.PullPolicy(answer.Body!, part, trait.Phrase.StartsWith("mounts", StringComparison.Ordinal)).Should().Be(policy, "the pod said another, and admission has its own");
    }

    [Then("the audit finds these images of tenant {string} and no others:")]
    public async Task ThenFound(string tenant, DataTable table) => (await images.AuditAsync(scenario[tenant])).Select(f => f.ToString())
        .ShouldBeExactly(table.Rows.Select(r => $"{r["place"]}: {PodTrait.FullName(r["image"])} {r["finding"]}"), $"The audit should find these images of tenant \"{tenant}\"");

    [Then("the audit finds no image of tenant {string} that the platform does not want")]
    public async Task ThenNone(string tenant) => (await images.AuditAsync(scenario[tenant])).Should().BeEmpty("each is from the platform's registry, by its digest");
}
