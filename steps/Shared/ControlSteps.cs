namespace SecuritySpecs.Steps.Shared;

/// <summary>Controls of the reference configuration: applied as they should be, with a mistake, or not at all.</summary>
[Binding]
public sealed class ControlSteps(ScenarioPlatform scenario, ControlDriver controls, NamespaceMarks marks)
{
    [StepArgumentTransformation("(" + ManifestEdit.Phrases + ")", Name = "edit")]
    public static ManifestEdit ToEdit(string phrase) => ManifestEdit.Of(phrase);

    [StepArgumentTransformation("(| " + ManifestEdit.Phrases + ")", Name = "mistake")]
    public static ManifestEdit? ToMistake(string words) => words.Length == 0 ? null : ManifestEdit.Of(words.TrimStart());

    [Given("control {string} is applied to tenant {string}{mistake}")]
    [When("control {string} is applied to tenant {string}{mistake}")]
    public Task Applied(string control, string tenant, ManifestEdit? mistake) => controls.ApplyAsync(control, scenario[tenant], mistake);

    [When("control {string} of tenant {string} is put into the namespace of tenant {string}")]
    public Task WhenMisplaced(string control, string tenant, string other) => controls.MisplaceAsync(control, scenario[tenant], scenario[other]);

    [Then("the platform's labels and annotations on the namespace of tenant {string} are exactly:")]
    public async Task ThenMarks(string tenant, DataTable table) => (await marks.ReadAsync(scenario[tenant].Namespace))
        .ShouldBeExactly(table.Rows.Select(r => $"{r["key"]}: {r["value"]}"), $"The namespace of tenant \"{tenant}\" should have the platform's labels and annotations of the table and no others");

    [When("control {string} is removed from tenant {string}")]
    public Task WhenRemoved(string control, string tenant) => controls.RemoveAsync(control, scenario[tenant]);
}
