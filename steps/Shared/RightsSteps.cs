namespace SecuritySpecs.Steps.Shared;

/// <summary>All that somebody may do, not only what a scenario tries.</summary>
[Binding]
public sealed class RightsSteps(ScenarioPlatform scenario, RightsDriver rights, Actors actors)
{
    [Then("{actor} holds exactly the rights of its role")]
    public async Task ThenExactlyTheRole(Actor actor)
    {
        var (control, held, given) = await actors.RightsAsync(actor);
        given.Should().NotBeEmpty("fleet-fixtures/controls/{0}.yaml gives something", control);
        held.Except(given).Should().BeEmpty("fleet-fixtures/controls/{0}.yaml gives no more", control);
        given.Except(held).Should().BeEmpty("fleet-fixtures/controls/{0}.yaml gives these too", control);
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
