using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>The people and programs around a tenant, and what each may do.</summary>
[Binding]
public sealed class PersonaSteps(ScenarioPlatform scenario, ScenarioState state, PersonaDriver personas)
{
    [StepArgumentTransformation("(" + Persona.Phrases + ")", Name = "persona")]
    public static Persona ToPersona(string phrase) => Persona.Of(phrase);

    [Given("the personas of tenant {string}")]
    public Task GivenThePersonas(string tenant) => personas.IntroduceAsync(scenario[tenant]);

    [Given("tenant {string} publishes its inference services")]
    public Task GivenInferenceServices(string tenant) => personas.PublishServicesAsync(scenario[tenant]);

    [Then("the requests of the {persona} are judged so:")]
    public async Task ThenJudged(Persona persona, DataTable table)
    {
        var wrongRows = (await personas.JudgeAsync(persona, table.CreateSet<ExpectedVerdict>())).Where(v => !v.IsRight).Select(v => v.ToString());
        wrongRows.Should().BeEmpty("every row of the table holds, by the request and by the review");
    }

    [Then("the {persona} holds exactly the rights of its role")]
    public async Task ThenExactlyTheRole(Persona persona)
    {
        var held = await personas.OwnRightsAsync(persona);
        var given = personas.ReferenceRights(persona);
        held.Except(given).Should().BeEmpty("fleet-fixtures/controls/{0}.yaml gives no more", persona.Control);
        given.Except(held).Should().BeEmpty("fleet-fixtures/controls/{0}.yaml gives these too", persona.Control);
    }

    [Then("the {persona} can {request} of tenant {string}")]
    public Task ThenCan(Persona persona, TenantRequest request, string whose) =>
        state.ShouldComeToBeAllowedAsync(Asking(persona, request, whose), () => personas.TryAsync(persona, request, scenario[whose]));

    [Then("the {persona} cannot {request} of tenant {string}")]
    public async Task ThenCannot(Persona persona, TenantRequest request, string whose)
    {
        state.Attempt = await personas.TryAsync(persona, request, scenario[whose]);
        await state.Attempt.ShouldBeDeniedAsync();
    }

    [Then("the {persona} can no longer {request} of tenant {string}")]
    public Task ThenCanNoLonger(Persona persona, TenantRequest request, string whose) =>
        state.ShouldComeToBeDeniedAsync(Asking(persona, request, whose), () => personas.TryAsync(persona, request, scenario[whose]));

    private static string Asking(Persona persona, TenantRequest request, string whose) => $"the request of the {persona.Phrase} to {request.Phrase} of tenant \"{whose}\"";
}
