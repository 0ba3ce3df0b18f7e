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

    [When("tenant {string} removes the (old )key of its gateway from its model server")]
    public Task WhenTakenAway(string tenant) => rotation.ShutOutAsync(scenario[tenant]);

    [When("tenant {string} adds the key of the gateway of tenant {string} to its model server")]
    public Task WhenLetIn(string tenant, string other) => rotation.LetInAsync(scenario[tenant], scenario[other]);

    [When("tenant {string} removes the key of the gateway of tenant {string} from its model server")]
    public Task WhenLetInNoMore(string tenant, string other) => rotation.ShutOutAsync(scenario[tenant], scenario[other]);

    [When("tenant {string} moves its gateway to a new key while the old one is still accepted")]
    public Task WhenMoved(string tenant) => rotation.MoveAsync(scenario[tenant]);

    [Then("no call of the gateway of tenant {string} was refused meanwhile")]
    public void ThenNoneRefused(string tenant)
    {
        var seen = rotation.Meanwhile(scenario[tenant]);
        seen.ByKey.Should().HaveCount(2, "one series of calls began with the old key and ended with the new one: {0}", seen);
        seen.ByKey.Should().OnlyContain(k => k.Count == 1 && k.ContainsKey("200"), "every call was answered, with the old key and with the new one: {0}", seen);
    }

    [Then("the directory of keys in the model server of tenant {string} holds the new key")]
    public Task ThenInTheDirectory(string tenant) => rotation.AwaitInFolderAsync(scenario[tenant]);
}
