namespace SecuritySpecs.Steps.Shared;

/// <summary>All that somebody may do, not only what a scenario tries.</summary>
[Binding]
public sealed class RightsSteps(ScenarioPlatform scenario, RightsDriver rights, Actors actors)
{
    [Then("{actor} holds exactly the rights of its role")]
    public async Task ThenExactlyTheRole(Actor actor)
    {
        var (control, held, wanted, ofDefault) = await actors.RightsAsync(actor);
        var file = scenario.Files.NameOf($"controls/{control}.yaml");
        held.Except(wanted).Should().BeEmpty("features/rights.yaml has no more, and {0} should give no more", file);
        wanted.Except(held).Should().BeEmpty("features/rights.yaml has these too, and {0} should give them", file);
        ofDefault.Should().BeEmpty("the default account beside it is nobody's, and {0} should give it nothing", file);
    }

    [Then("pods that run as {actor} get no token")]
    public async Task ThenNoToken(Actor actor)
    {
        var (@namespace, account) = await actors.AccountAsync(actor);
        (await rights.GetsTokenAsync(@namespace, account)).Should().BeFalse("whoever does not call the API needs no token: automountServiceAccountToken is false on ServiceAccount {0}", account);
    }

    [Then("tenant {string} holds no right in the namespace of tenant {string}")]
    public async Task ThenNone(string tenant, string whose) => (await OwnRightsAsync(tenant, whose))
        .Should().BeEmpty("a tenant has nothing there beyond what every account of the cluster has");

    [Then("tenant {string} holds rights in the namespace of tenant {string}")]
    public Task ThenSome(string tenant, string whose) => UntilAsync(tenant, whose, "to hold rights", r => r.Count > 0);

    [Then("tenant {string} no longer holds rights in the namespace of tenant {string}")]
    public Task ThenNoMore(string tenant, string whose) => UntilAsync(tenant, whose, "to hold no right", r => r.Count == 0);

    private Task<IReadOnlyList<string>> OwnRightsAsync(string tenant, string whose) => rights.OwnRightsAsync(scenario[tenant].Developer, scenario[whose].Namespace);

    private Task<IReadOnlyList<string>> UntilAsync(string tenant, string whose, string awaited, Func<IReadOnlyList<string>, bool> enough) =>
        Poll.UntilAsync($"tenant \"{tenant}\" {awaited} in the namespace of tenant \"{whose}\"", () => OwnRightsAsync(tenant, whose), enough, r => string.Join(", ", r));
}
