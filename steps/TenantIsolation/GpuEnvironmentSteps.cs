using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>The variables by which GPUs and their limits are told to a container, and the ways in which a tenant can set them.</summary>
[Binding]
public sealed class GpuEnvironmentSteps(ScenarioPlatform scenario, ScenarioState state, EnvironmentDriver environments, RuntimeClassDriver runtimes)
{
    [StepArgumentTransformation("(" + EnvironmentDriver.Stores + ")", Name = "store")]
    public static string ToStore(string word) => word;

    [Given("tenant {string} has a {store} with the key {string}")]
    public async Task GivenKept(string tenant, string store, string key) =>
        (await EnvironmentDriver.TryKeepAsync(scenario[tenant], store, key, dryRun: false)).OrThrow();

    [When("tenant {string} tries to give its pod the label {string} with the value {string}")]
    public async Task WhenLabels(string tenant, string label, string value) => state.Pod = await TenantPodDriver.LabelAsync(state.Pod, label, value);

    [When("tenant {string} tries to give its pod the annotation {string} with the value {string}")]
    public async Task WhenAnnotates(string tenant, string annotation, string value) => state.Pod = await TenantPodDriver.AnnotateAsync(state.Pod, annotation, value);

    [Given("the platform has a RuntimeClass {string}")]
    public Task GivenARuntimeClass(string name) => runtimes.AddAsync(name);

    [Then("the label/annotation/image is accepted")]
    public void ThenChanged() => state.Pod.Answer.Code.Should().Be(200, "the change should be accepted: {0}", state.Pod.Answer);

    [Then("the pod has the variable {string} with the value {string}")]
    public async Task ThenHas(string variable, string value) => (await environments.ValueAsync(state.Pod, variable)).Should().Be(value, "NVIDIA's runtime reads it");

    [Then("the pod has no variable {string}")]
    public async Task ThenHasNot(string variable) => (await environments.ValueAsync(state.Pod, variable)).Should().BeNull("the pod asked for no GPU");

    [Then("these names are refused or admitted for tenant {string} as follows:")]
    public async Task ThenNames(string tenant, DataTable table)
    {
        const string Name = "name";
        var cells = table.Rows.SelectMany(row => table.Header.Where(place => place != Name).Select(place => (row[Name], place, row[place]))).ToList();
        (await environments.WrongNamesAsync(scenario[tenant], cells)).Should().BeEmpty("admission should answer as the table says");
    }
}
