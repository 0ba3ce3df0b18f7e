using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>The reference configuration as a platform team applies it, by kubectl.</summary>
[Binding]
public sealed class KustomizeSteps(ScenarioPlatform scenario, KustomizeDriver kustomize)
{
    private IReadOnlyList<string> _components = [];

    [StepArgumentTransformation("(" + KustomizeDriver.Orders + ")", Name = "order")]
    public static string ToOrder(string words) => words;

    [When("kubectl applies the files {string} to tenant {string}, one after another")]
    public Task WhenFiles(string files, string tenant) => kustomize.ApplyFilesAsync(scenario[tenant], files.Split(", "));

    [When("kubectl applies all components to tenant {string}, {order}")]
    public Task WhenComponents(string tenant, string order) => kustomize.ApplyAsync(scenario[tenant], _components = kustomize.InOrder(order));

    [When("kubectl applies the components {string} to tenant {string}")]
    public Task WhenSome(string components, string tenant) => kustomize.ApplyAsync(scenario[tenant], _components = components.Split(", "));

    [Then("kubectl changes nothing when it applies them to tenant {string} again")]
    public async Task ThenUnchanged(string tenant)
    {
        var before = await kustomize.StateAsync(scenario[tenant], _components);
        await kustomize.ApplyAsync(scenario[tenant], _components);
        (await kustomize.StateAsync(scenario[tenant], _components)).Should().Equal(before, "everything is already as the files say");
    }

    [Then("every object of tenant {string} is as its file says")]
    public async Task ThenAsTheFilesSay(string tenant) => (await kustomize.MissingAsync(scenario[tenant])).Should().BeEmpty("kubectl should make what the features make");
}
