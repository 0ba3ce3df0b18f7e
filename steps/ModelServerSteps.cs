using Reqnroll;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>Model servers, who may use them, and how much.</summary>
[Binding]
public sealed class ModelServerSteps(ScenarioPlatform scenario, ModelServerDriver models)
{
    [Given("tenant {string} runs a model server")]
    public Task GivenAModelServer(string tenant) => models.RunAsync(scenario[tenant]);
}
