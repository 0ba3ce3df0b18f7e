using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>A watch that is left open while the right to it is taken back.</summary>
[Binding]
public sealed class OpenWatchSteps(ScenarioPlatform scenario, OpenWatchDriver watch)
{
    [When("tenant {string} opens a watch on the secrets of tenant {string}")]
    public void WhenOpens(string who, string whose) => watch.Open(scenario[who], scenario[whose]);

    [Then("the open watch tells of a new secret of tenant {string}")]
    public async Task ThenTells(string whose) => (await watch.TellsAsync(scenario[whose])).Should().BeTrue("the right is there");

    // Measured only: when the API server ends a watch is a setting of the platform.
    [Then("the report says whether the open watch still tells of a new secret of tenant {string}")]
    public Task ThenMeasured(string whose) => watch.TellsAsync(scenario[whose]);
}
