using SecuritySpecs.Drivers.Shared.Refusals;
using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.TenantIsolation;

/// <summary>The variables by which GPUs and their limits are told to a container, and the ways in which a tenant can set them.</summary>
[Binding]
public sealed class GpuEnvironmentSteps(ScenarioPlatform scenario, ScenarioState state, EnvironmentDriver environments)
{
    [StepArgumentTransformation("(" + EnvironmentDriver.Stores + ")", Name = "store")]
    public static string ToStore(string word) => word;

    [Given("tenant {string} keeps a {store} with the key {string}")]
    public async Task GivenKept(string tenant, string store, string key) =>
        (await EnvironmentDriver.TryKeepAsync(scenario[tenant], store, key, dryRun: false)).OrThrow();

    [Then("tenant {string} gets a {store} with the key {string} admitted")]
    public Task ThenKeyAdmitted(string tenant, string store, string key) => Poll.UntilAsync($"a {store} with the key {key} to be admitted",
        () => EnvironmentDriver.TryKeepAsync(scenario[tenant], store, key, dryRun: true), a => a.Allowed, a => a.ToString(), PodSteps.VerdictDeadline);

    [Then("tenant {string} gets a {store} with the key {string} refused by {refusal}")]
    public Task ThenKeyRefused(string tenant, string store, string key, PodRefusal refusal) => Poll.UntilAsync($"a {store} with the key {key} to be refused, {refusal}",
        () => EnvironmentDriver.TryKeepAsync(scenario[tenant], store, key, dryRun: true), a => refusal.Is(a) && a.Message!.Contains(key, StringComparison.Ordinal), a => a.ToString(), PodSteps.VerdictDeadline);

    [Then("tenant {string} gets the key {string} added to its {store}")]
    public Task ThenKeyAdded(string tenant, string key, string store) => Poll.UntilAsync($"the key {key} to be accepted",
        () => EnvironmentDriver.TryAddAsync(scenario[tenant], store, key), a => a.Allowed, a => a.ToString(), PodSteps.VerdictDeadline);

    [Then("tenant {string} gets the key {string} for its {store} refused by {refusal}")]
    public Task ThenKeyNotAdded(string tenant, string key, string store, PodRefusal refusal) => Poll.UntilAsync($"the key {key} to be refused, {refusal}",
        () => EnvironmentDriver.TryAddAsync(scenario[tenant], store, key), a => refusal.Is(a) && a.Message!.Contains(key, StringComparison.Ordinal), a => a.ToString(), PodSteps.VerdictDeadline);

    [When("tenant {string} tries to give its pod the label {string} with the value {string}")]
    public async Task WhenLabels(string tenant, string label, string value) => state.Pod = await TenantPodDriver.LabelAsync(state.Pod, label, value);

    [When("tenant {string} tries to give its first pod the label {string} with the value {string}")]
    public async Task WhenLabelsTheFirst(string tenant, string label, string value) => state.Pod = await TenantPodDriver.LabelAsync(state.Pods.First(p => p.Tenant.Name == tenant), label, value);

    [Then("the label is accepted")]
    public void ThenLabelled() => state.Pod.Answer.Code.Should().Be(200, "the change should be accepted: {0}", state.Pod.Answer);

    [Then("the label is refused by {refusal}")]
    public void ThenNotLabelled(PodRefusal refusal) => refusal.Is(state.Pod.Answer).Should().BeTrue("the change should be refused, {0}, but was: {1}", refusal, state.Pod.Answer);

    [Then("the pod has the variable {string} with the value {string}")]
    public async Task ThenHas(string variable, string value) => (await environments.ValueAsync(state.Pod, variable)).Should().Be(value, "NVIDIA's runtime reads it");

    [Then("the pod has no variable {string}")]
    public async Task ThenHasNot(string variable) => (await environments.ValueAsync(state.Pod, variable)).Should().BeNull("the pod asked for no GPU");
}
