using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>The people and programs around a tenant, and what each may do.</summary>
[Binding]
public sealed class PersonaSteps(ScenarioPlatform scenario, PersonaDriver personas)
{
    [Given("the personas of tenant {string}")]
    public Task GivenThePersonas(string tenant) => personas.IntroduceAsync(scenario[tenant]);

    [Given("tenant {string} publishes its inference services")]
    public Task GivenInferenceServices(string tenant) => personas.PublishServicesAsync(scenario[tenant]);
}
