using SecuritySpecs.Drivers.NetworkBoundaries.Models;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Model servers, the keys that open them, and who is answered.</summary>
[Binding]
public sealed class ModelServerSteps(ScenarioPlatform scenario, ScenarioState state, ModelKeys keys, ModelServerDriver servers, ModelCallDriver calls)
{
    private const string Batch = "batch-client";

    [Given("tenant {string} has given its gateway a key")]
    public Task GivenAKey(string tenant) => keys.GiveAsync(scenario[tenant]);

    [Given("the gateway of tenant {string} has got hold of the key of tenant {string}")]
    public Task GivenAStolenKey(string thief, string victim) => ModelKeys.HandAsync(scenario[thief], ModelKeys.Gateway, keys.Of(scenario[victim]));

    [Given("tenant {string} runs a model server {edit}")]
    public Task GivenAModelServer(string tenant, ManifestEdit edit) => servers.RunAsync(scenario[tenant], edit);

    [Given("a second model server of tenant {string} runs beside it")]
    public Task GivenASecondServer(string tenant) => servers.RunAsync(scenario[tenant], name: "model-server-2");

    [Given("a second gateway of tenant {string} runs with the same key")]
    public Task GivenASecondGateway(string tenant) => servers.RunClientAsync(scenario[tenant], "gateway-2", ModelKeys.Gateway);

    [Given("a batch client of tenant {string} runs with a key of its own")]
    public async Task GivenABatchClient(string tenant)
    {
        await keys.GiveAsync(scenario[tenant], Batch);
        await servers.RunClientAsync(scenario[tenant], Batch, Batch);
    }

    [When("tenant {string} restarts its model server{mistake}")]
    public Task WhenRestarted(string tenant, ManifestEdit? mistake) => servers.RunAnewAsync(scenario[tenant], mistake);

    [When("the model server of tenant {string} takes up its limits")]
    public Task WhenTakenUp(string tenant) => servers.TakeUpLimitsAsync(scenario[tenant]);

    [Then("the model server of tenant {string} answers the gateway of tenant {string} so:")]
    public async Task ThenAnswers(string server, string client, DataTable table) =>
        (await calls.JudgeAsync(GatewayOf(client, server), [.. table.CreateSet<ExpectedCall>()])).Should().BeEmpty("every row of the table holds");

    [Then("the gateway of tenant {string} is answered by the model server of tenant {string}")]
    public Task ThenAnswered(string client, string server) => ShouldBeAsync(GatewayOf(client, server), 200, "");

    [Then("the batch client of tenant {string} is answered by its model server")]
    public Task ThenTheBatchClientIs(string tenant) => ShouldBeAsync(new(scenario[tenant], Batch, scenario[tenant]), 200, "");

    [Then("the gateway of tenant {string} is turned away by the model server of tenant {string}")]
    public Task ThenTurnedAway(string client, string server) => ShouldBeAsync(GatewayOf(client, server), 401, "invalid_api_key");

    [Then("the cluster admin is answered by the model server of tenant {string} through the API server")]
    public async Task ThenTheAdminIs(string tenant) => (await servers.AskThroughApiServerAsync(scenario[tenant])).Allowed.Should().BeTrue("it asks for no key");

    [Then("the cluster admin is turned away by the model server of tenant {string} through the API server")]
    public async Task ThenTheAdminIsNot(string tenant) => (await servers.AskThroughApiServerAsync(scenario[tenant]))
        .Should().Match<ApiAnswer>(a => a.Code == 401 && a.Message!.Contains("invalid_api_key"), "it is the model server that asks for a key, not the API server");

    [Then("the answers tell the gateway of tenant {string} how often that of tenant {string} was answered")]
    public void ThenTold(string client, string other) => calls.AnswersOf(GatewayOf(client, other)).Should()
        .Contain(a => a.Contains("model_server_requests_total{key_id=\"gateway\",code=\"200\"} 1", StringComparison.Ordinal), "{0} made one call", other);

    [Then("the key of the gateway of tenant {string} is in the answer")]
    public void ThenInTheAnswer(string tenant) => HoldsKey(tenant, state.Attempt.Answer.Body!.ToJsonString()).Should().BeTrue("that is the mistake");

    [Then("the key of the gateway of tenant {string} is not in the answer")]
    public void ThenNotInTheAnswer(string tenant) => HoldsKey(tenant, state.Attempt.Answer.Body!.ToJsonString()).Should().BeFalse("it is no place for a key");

    [Then("the key of the gateway of tenant {string} is in none of the answers")]
    public void ThenInNoneOfTheAnswers(string tenant) => calls.Answers.Count(a => HoldsKey(tenant, a.Answer)).Should().Be(0, "no answer repeats a key");

    [Then("the environment of the model server of tenant {string} holds the key of its gateway")]
    public async Task ThenInTheEnvironment(string tenant) => HoldsKey(tenant, await ModelServerDriver.EnvironmentAsync(scenario[tenant])).Should().BeTrue("that is the mistake");

    [Then("the environment of the model server of tenant {string} does not hold the key of its gateway")]
    public async Task ThenNotInTheEnvironment(string tenant) => HoldsKey(tenant, await ModelServerDriver.EnvironmentAsync(scenario[tenant])).Should().BeFalse("it is no place for a key");

    // The text is in no message: it may hold the key.
    private bool HoldsKey(string tenant, string text)
    {
        text.Should().NotBeEmpty("nothing was there to look at");
        return text.Contains(keys.Of(scenario[tenant]), StringComparison.Ordinal);
    }

    private ModelClient GatewayOf(string tenant, string server) => new(scenario[tenant], ModelKeys.Gateway, scenario[server]);

    private async Task ShouldBeAsync(ModelClient client, int status, string code)
    {
        var wrong = await calls.JudgeAsync(client, [new(ModelCall.WithItsKey.Phrase, status, code)]);
        wrong.Should().BeEmpty("that is how the {0} is answered", client);
    }
}
