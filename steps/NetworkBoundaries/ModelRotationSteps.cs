using SecuritySpecs.Drivers.NetworkBoundaries.Models;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Keys of model servers that change, and how soon.</summary>
[Binding]
public sealed class ModelRotationSteps(ScenarioPlatform scenario, ModelRotation rotation)
{
    [When("tenant {string} gives its gateway a new key")]
    public Task WhenANewKey(string tenant) => rotation.ReplaceAsync(scenario[tenant]);

    [When("tenant {string} gives its model server a new key for its gateway")]
    public Task WhenANewKeyAtTheServer(string tenant) => rotation.ReplaceAtServerAsync(scenario[tenant]);

    [When("tenant {string} takes the (old )key of its gateway away")]
    public Task WhenTakenAway(string tenant) => rotation.ShutOutAsync(scenario[tenant]);

    [When("tenant {string} lets in the key of the gateway of tenant {string}")]
    public Task WhenLetIn(string tenant, string other) => rotation.LetInAsync(scenario[tenant], scenario[other]);

    [When("tenant {string} lets in the key of the gateway of tenant {string} no more")]
    public Task WhenLetInNoMore(string tenant, string other) => rotation.ShutOutAsync(scenario[tenant], scenario[other]);

    [When("tenant {string} moves its gateway to a new key while the old one still opens")]
    public Task WhenMoved(string tenant) => rotation.MoveAsync(scenario[tenant]);

    [Then("no call of the gateway of tenant {string} was refused meanwhile")]
    public void ThenNoneRefused(string tenant) => rotation.Meanwhile(scenario[tenant]).Statuses.Should().ContainKey("200").And.HaveCount(1, "every call was answered");

    [Then("within {int} seconds the gateway of tenant {string} is turned away by the model server of tenant {string}")]
    public async Task ThenTurnedAway(int seconds, string client, string server) =>
        (await rotation.UntilAsync(scenario[client], scenario[server], 401)).Should().BeLessThan(TimeSpan.FromSeconds(seconds));

    [Then("within {int} seconds the gateway of tenant {string} is answered by the model server of tenant {string}")]
    public async Task ThenAnswered(int seconds, string client, string server) =>
        (await rotation.UntilAsync(scenario[client], scenario[server], 200)).Should().BeLessThan(TimeSpan.FromSeconds(seconds));

    [Then("the directory of keys in the model server of tenant {string} holds the new key")]
    public Task ThenInTheDirectory(string tenant) => rotation.AwaitInFolderAsync(scenario[tenant]);
}
