using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>How many objects a tenant may have.</summary>
[Binding]
public sealed class ObjectQuotaSteps(ScenarioPlatform scenario, ObjectQuotaDriver quotas)
{
    private ApiAnswer? _refusal;

    [StepArgumentTransformation("(" + CountedObject.Phrases + ")", Name = "objects")]
    public static CountedObject ToObjects(string phrase) => CountedObject.Of(phrase);

    [Given("tenant {string} has an object quota")]
    [When("tenant {string} has an object quota")]
    public Task AQuota(string tenant) => quotas.SetAsync(scenario[tenant]);

    [When("the object quota of tenant {string} is removed")]
    public Task WhenRemoved(string tenant) => quotas.RemoveAsync(scenario[tenant]);

    [When("tenant {string} creates {objects} until it is refused")]
    public async Task WhenMakesUntilRefused(string tenant, CountedObject kind) => _refusal = await quotas.MakeUntilRefusedAsync(scenario[tenant], kind);

    [When("tenant {string} removes one of its {objects}")]
    public Task WhenRemovesOne(string tenant, CountedObject kind) => quotas.RemoveOneAsync(scenario[tenant], kind);

    [When("all pods of tenant {string} finish")]
    public Task WhenPodsEnd(string tenant) => quotas.FinishPodsAsync(scenario[tenant]);

    [Then("tenant {string} has as many {objects} as the object quota allows, and was refused by it")]
    public async Task ThenFull(string tenant, CountedObject kind)
    {
        var allowed = quotas.Allowed(scenario[tenant], kind.Counted);
        ObjectQuotaDriver.Refused(_refusal!, kind).Should().BeTrue("the object quota should refuse by {0}, but: {1}", kind.Counted, _refusal);
        _refusal!.Message.Should().Contain($"{kind.Counted}={allowed}", "the refusal names what is allowed");
        (await quotas.CountAsync(scenario[tenant], kind)).Should().Be(allowed, "the quota admits exactly as many as it says");
    }

    [Then("tenant {string} was refused by the object quota's {string}")]
    public void ThenRefusedBy(string tenant, string counted) => ObjectQuotaDriver.Refused(_refusal!, CountedObject.Of("pods"), counted)
        .Should().BeTrue("the object quota of tenant {0} should refuse by {1}, but: {2}", tenant, counted, _refusal);

    [Then("tenant {string} can create more {objects}")]
    public async Task ThenMore(string tenant, CountedObject kind) => (await quotas.MakeAsync(scenario[tenant], kind)).OrThrow();

    [Then("tenant {string} cannot create more {objects}")]
    public async Task ThenNoMore(string tenant, CountedObject kind)
    {
        var answer = await quotas.MakeAsync(scenario[tenant], kind);
        ObjectQuotaDriver.Refused(answer, kind).Should().BeTrue("the object quota should refuse by {0}, but: {1}", kind.Counted, answer);
    }
}
