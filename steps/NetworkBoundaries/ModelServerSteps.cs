using SecuritySpecs.Drivers.NetworkBoundaries.Models;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Model servers, the keys that open them, and who is answered.</summary>
[Binding]
public sealed class ModelServerSteps(ScenarioPlatform scenario, ScenarioState state, ModelKeys keys, ModelServerDriver servers, ModelCallDriver calls, ModelRotation rotation)
{
    private const string Batch = "batch client";
    private const string BatchClient = "batch-client";
    private const string Answer = "the answer";
    private const string AnyAnswer = "any answer";
    private const string Environment = "the environment of its model server";

    [StepArgumentTransformation("(gateway|" + Batch + ")", Name = "client")]
    public static string ToClient(string words) => words;

    [StepArgumentTransformation("(" + Answer + "|" + AnyAnswer + "|" + Environment + ")", Name = "keyplace")]
    public static string ToKeyPlace(string words) => words;

    [StepArgumentTransformation("(" + Deadline.Forms + ")", Name = "deadline")]
    public static Deadline ToDeadline(string words) => Deadline.Of(words);

    [Given("tenant {string} has given its gateway a key")]
    public Task GivenAKey(string tenant) => keys.GiveAsync(scenario[tenant]);

    [Given("the gateway of tenant {string} has stolen the key of tenant {string}")]
    public Task GivenAStolenKey(string thief, string victim) => ModelKeys.HandAsync(scenario[thief], ModelKeys.Gateway, keys.Of(scenario[victim]));

    [Given("tenant {string} runs a model server {edit}")]
    public Task GivenAModelServer(string tenant, ManifestEdit edit) => servers.RunAsync(scenario[tenant], edit);

    [Given("tenant {string} runs a second model server")]
    public Task GivenASecondServer(string tenant) => servers.RunAsync(scenario[tenant], name: "model-server-2");

    [Given("a second gateway of tenant {string} runs with the same key")]
    public Task GivenASecondGateway(string tenant) => servers.RunClientAsync(scenario[tenant], "gateway-2", ModelKeys.Gateway);

    [Given("a batch client of tenant {string} runs with its own key")]
    public async Task GivenABatchClient(string tenant)
    {
        await keys.GiveAsync(scenario[tenant], BatchClient);
        await servers.RunClientAsync(scenario[tenant], BatchClient, BatchClient);
    }

    [When("tenant {string} restarts its model server{mistake}")]
    public Task WhenRestarted(string tenant, ManifestEdit? mistake) => servers.RunAnewAsync(scenario[tenant], mistake);

    [Then("the limits of the model server of tenant {string} are exactly:")]
    public async Task ThenLimits(string tenant, DataTable table) => (await servers.LimitsAsync(scenario[tenant])).Select(l => $"{l.Key}: {l.Value}")
        .ShouldBeExactly(table.Rows.Select(r => $"{r["limit"]}: {r["value"]}"), $"{scenario.Files.NameOf("controls/keys-and-rates.yaml")} should have the limits of the table and no others");

    [When("the model server of tenant {string} takes up its limits")]
    public Task WhenTakenUp(string tenant) => servers.TakeUpLimitsAsync(scenario[tenant]);

    [Then("the model server of tenant {string} answers the gateway of tenant {string} as follows:")]
    public async Task ThenAnswers(string server, string client, DataTable table) =>
        (await calls.JudgeAsync(GatewayOf(client, server), [.. table.CreateSet<ExpectedCall>()])).Should().BeEmpty("every row of the table holds");

    [Then("the {client} of tenant {string} is answered by the model server of tenant {string}{deadline}")]
    public Task ThenAnswered(string client, string tenant, string server, Deadline deadline) => ShouldBeAsync(client, tenant, server, 200, "", deadline);

    [Then("the {client} of tenant {string} is refused by the model server of tenant {string}{deadline}")]
    public Task ThenRefused(string client, string tenant, string server, Deadline deadline) => ShouldBeAsync(client, tenant, server, 401, "invalid_api_key", deadline);

    [Then("the API server's proxy is answered by the model server of tenant {string}")]
    public async Task ThenTheProxyIs(string tenant) => (await servers.AskThroughApiServerAsync(scenario[tenant])).Allowed.Should().BeTrue("it asks for no key");

    [Then("the API server's proxy is refused by the model server of tenant {string}")]
    public async Task ThenTheProxyIsNot(string tenant) => (await servers.AskThroughApiServerAsync(scenario[tenant]))
        .Should().Match<ApiAnswer>(a => a.Code == 401 && a.Message!.Contains("invalid_api_key"), "it is the model server that asks for a key, not the API server");

    [Then("the answers tell the gateway of tenant {string} how often that of tenant {string} was answered")]
    public void ThenTold(string client, string other) => calls.AnswersOf(GatewayOf(client, other)).Should()
        .Contain(a => a.Contains("model_server_requests_total{key_id=\"gateway\",code=\"200\"} 1", StringComparison.Ordinal), "{0} made one call", other);

    [Then("the key of the gateway of tenant {string} is in {keyplace}")]
    public async Task ThenTheKeyIsIn(string tenant, string place) => (await HoldersAsync(tenant, place)).Should().BePositive("that is the mistake");

    [Then("the key of the gateway of tenant {string} is not in {keyplace}")]
    public async Task ThenTheKeyIsNotIn(string tenant, string place) => (await HoldersAsync(tenant, place)).Should().Be(0, "it is no place for a key");

    // How many of the texts at a place hold the key.
    private async Task<int> HoldersAsync(string tenant, string place)
    {
        string[] texts = place switch
        {
            Answer => [state.Attempt.Answer.Body!.ToJsonString()],
            AnyAnswer => [.. calls.Answers.Select(a => a.Answer)],
            _ => [await ModelServerDriver.EnvironmentAsync(scenario[tenant])],
        };
        return texts.Count(text => HoldsKey(tenant, text));
    }

    // The text is in no message: it may hold the key.
    private bool HoldsKey(string tenant, string text)
    {
        text.Should().NotBeEmpty("nothing was there to look at");
        return text.Contains(keys.Of(scenario[tenant]), StringComparison.Ordinal);
    }

    private ModelClient GatewayOf(string tenant, string server) => new(scenario[tenant], ModelKeys.Gateway, scenario[server]);

    private async Task ShouldBeAsync(string client, string tenant, string server, int status, string code, Deadline deadline)
    {
        var caller = new ModelClient(scenario[tenant], client == Batch ? BatchClient : ModelKeys.Gateway, scenario[server]);
        if (deadline.Seconds is { } seconds)
        {
            client.Should().NotBe(Batch, "only the keys of gateways are replaced");
            (await rotation.UntilAsync(scenario[tenant], scenario[server], status)).Should().BeLessThan(TimeSpan.FromSeconds(seconds));
            return;
        }

        (await calls.JudgeAsync(caller, [new(ModelCall.WithItsKey.Phrase, status, code)])).Should().BeEmpty("that is how the {0} is answered", caller);
    }
}
