using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Requests to the API server with real tokens, and the verdicts on them.</summary>
[Binding]
public sealed class RequestSteps(ScenarioPlatform scenario, ScenarioState state)
{
    [StepArgumentTransformation("(" + TenantRequest.Phrases + ")", Name = "request")]
    public static TenantRequest ToRequest(string phrase) => TenantRequest.Of(phrase);

    [When("tenant {string} tries to {request} of tenant {string}")]
    public async Task WhenATenantTries(string who, TenantRequest request, string whose) =>
        state.Attempt = await TryAsync(who, request, whose);

    [When("tenant {string} tries to {request}")]
    public Task WhenATenantTries(string who, TenantRequest request) => WhenATenantTries(who, request, who);

    [When("the platform admin tries to {request} of tenant {string}")]
    public async Task WhenTheAdminTries(TenantRequest request, string whose) =>
        state.Attempt = await request.TryAsync(null, scenario.Admin, scenario[whose]);

    [When("the platform admin tries to {request}")]
    public async Task WhenTheAdminTries(TenantRequest request) =>
        state.Attempt = await request.TryAsync(null, scenario.Admin, scenario.AnyTenant);

    [Then("the request is allowed")]
    public Task ThenAllowed() => state.Attempt.ShouldBeAllowedAsync();

    [Then("the request is denied in the namespace of tenant {string}")]
    public Task ThenDeniedIn(string whose)
    {
        state.Attempt.Namespace.Should().Be(scenario[whose].Namespace, "the step asks about that namespace");
        return state.Attempt.ShouldBeDeniedAsync();
    }

    [Then("the request is denied at the cluster scope")]
    public Task ThenDeniedAtTheClusterScope()
    {
        state.Attempt.Namespace.Should().BeNull("the step asks about the cluster scope");
        return state.Attempt.ShouldBeDeniedAsync();
    }

    [Then("tenant {string} can {request} of tenant {string}")]
    public Task ThenCan(string who, TenantRequest request, string whose) =>
        state.ShouldComeToBeAllowedAsync(Asking(who, request, whose), () => TryAsync(who, request, whose));

    [Then("tenant {string} can {request}")]
    public Task ThenCan(string who, TenantRequest request) => ThenCan(who, request, who);

    [Then("tenant {string} can no longer {request} of tenant {string}")]
    public Task ThenCanNoLonger(string who, TenantRequest request, string whose) =>
        state.ShouldComeToBeDeniedAsync(Asking(who, request, whose), () => TryAsync(who, request, whose));

    [Then("tenant {string} can no longer {request}")]
    public Task ThenCanNoLonger(string who, TenantRequest request) => ThenCanNoLonger(who, request, who);

    [Then("tenant {string} cannot {request} of tenant {string}")]
    public async Task ThenCannot(string who, TenantRequest request, string whose)
    {
        state.Attempt = await TryAsync(who, request, whose);
        await state.Attempt.ShouldBeDeniedAsync();
    }

    [Then("tenants {string} and {string} cannot {request} of each other")]
    public async Task ThenNeitherNextDoor(string one, string other, TenantRequest request)
    {
        foreach (var attempt in await Task.WhenAll(TryAsync(one, request, other), TryAsync(other, request, one)))
            await attempt.ShouldBeDeniedAsync();
    }

    [Then("tenants {string} and {string} cannot {request}")]
    public async Task ThenNeither(string one, string other, TenantRequest request)
    {
        foreach (var attempt in await Task.WhenAll(TryAsync(one, request, one), TryAsync(other, request, other)))
            await attempt.ShouldBeDeniedAsync();
    }

    [Then("the value of the secret of tenant {string} is in the answer")]
    public void ThenTheSecretIsInTheAnswer(string whose)
    {
        var value = scenario.SecretValues[whose];
        var body = state.Attempt.Answer.Body!.ToJsonString();
        // The API carries it in base64, a file or a stream as it is.
        (body.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), StringComparison.Ordinal) || body.Contains(value, StringComparison.Ordinal))
            .Should().BeTrue("the exposure is shown by the value itself, which {0} {1} did not return", state.Attempt.Answer.Method, state.Attempt.Answer.Path);
    }

    private Task<Attempt> TryAsync(string who, TenantRequest request, string whose) =>
        request.TryAsync(scenario[who].Developer, scenario[who].Api, scenario[whose]);

    private static string Asking(string who, TenantRequest request, string whose) => $"the request of tenant \"{who}\" to {request.Phrase} of tenant \"{whose}\"";
}
