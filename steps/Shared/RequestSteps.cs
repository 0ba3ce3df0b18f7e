namespace SecuritySpecs.Steps.Shared;

/// <summary>Requests to the API server with real tokens, and the verdicts on them.</summary>
[Binding]
public sealed class RequestSteps(ScenarioPlatform scenario, ScenarioState state, Actors actors)
{
    [StepArgumentTransformation("(" + Actor.Names + ")", Name = "actor")]
    public static Actor ToActor(string name) => new(name);

    [StepArgumentTransformation("(" + Request.Phrases + ")", Name = "request")]
    public static Request ToRequest(string words) => Request.Of(words);

    [StepArgumentTransformation("(" + Scope.Forms + ")", Name = "scope")]
    public static Scope ToScope(string words) => Scope.Of(words);

    [When("{actor} tries to {request}")]
    public async Task WhenTries(Actor actor, Request request) => state.Attempt = await actors.TryAsync(actor, request);

    [Then("the request is allowed")]
    public Task ThenAllowed() => state.Attempt.ShouldBeAllowedAsync();

    [Then("the request is denied {scope}")]
    public Task ThenDenied(Scope scope)
    {
        state.Attempt.Namespace.Should().Be(scope.Tenant is null ? null : scenario[scope.Tenant].Namespace, "the step asks about that scope");
        return state.Attempt.ShouldBeDeniedAsync();
    }

    [Then("{actor} can {request}")]
    public Task ThenCan(Actor actor, Request request) =>
        state.ShouldComeToBeAllowedAsync(Asking(actor, request), () => actors.TryAsync(actor, request));

    [Then("{actor} cannot {request}")]
    public async Task ThenCannot(Actor actor, Request request)
    {
        state.Attempt = await actors.TryAsync(actor, request);
        await state.Attempt.ShouldBeDeniedAsync();
    }

    // What was allowed a moment ago is denied a moment later.
    [Then("{actor} can no longer {request}")]
    public Task ThenCanNoLonger(Actor actor, Request request) =>
        state.ShouldComeToBeDeniedAsync(Asking(actor, request), () => actors.TryAsync(actor, request));

    [Then("the requests of {actor} are allowed or denied as follows:")]
    public async Task ThenJudged(Actor actor, DataTable table) => (await actors.WrongAsync(actor, table.CreateSet<AccessRow>()))
        .Should().BeEmpty("every row of the table holds, by the request and by the review");

    [Then("the value of the secret of tenant {string} is in the answer")]
    public void ThenTheSecretIsInTheAnswer(string whose)
    {
        var value = state.SecretValues[whose];
        var body = state.Attempt.Answer.Body!.ToJsonString();
        // The API carries it in base64, a file or a stream as it is.
        (body.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), StringComparison.Ordinal) || body.Contains(value, StringComparison.Ordinal))
            .Should().BeTrue("the exposure is shown by the value itself, which {0} {1} did not return", state.Attempt.Answer.Method, state.Attempt.Answer.Path);
    }

    private static string Asking(Actor actor, Request request) => $"the request of {actor.Name} to {request}";
}
