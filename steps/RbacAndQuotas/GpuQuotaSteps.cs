namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Quotas on GPUs, and what they refuse.</summary>
[Binding]
public sealed class GpuQuotaSteps(ScenarioPlatform scenario, ScenarioState state, QuotaDriver quotas)
{
    [Given("tenant {string} has a quota of {int} GPU(s){mistake}")]
    [When("tenant {string} has a quota of {int} GPU(s){mistake}")]
    public Task AQuota(string tenant, int gpus, ManifestEdit? mistake) => quotas.SetAsync(scenario[tenant], gpus, mistake);

    [Given("tenant {string} has a quota of {int} GPU(s) for pods of PriorityClass {string}")]
    public Task AQuotaOfAClass(string tenant, int gpus, string @class) => quotas.SetForClassAsync(scenario[tenant], gpus, scenario.Unique(@class));

    [When("the quota of tenant {string} is removed")]
    public Task WhenTheQuotaIsRemoved(string tenant) => quotas.RemoveAsync(scenario[tenant]);

    [Then("the quota of tenant {string} counts {int} GPU(s)")]
    public Task ThenTheQuotaCounts(string tenant, int gpus) => quotas.AwaitUsedAsync(scenario[tenant], gpus);

    [Then("{int} of the pods are admitted and {int} are refused by the GPU quota")]
    public void ThenOfTheSeries(int admitted, int refused)
    {
        state.Series.Count(a => a.Code == 201).Should().Be(admitted, "{0}", Seen());
        state.Series.Count(QuotaDriver.Refused).Should().Be(refused, "{0}", Seen());
    }

    [Then("at most {int} of the pods are admitted and the rest are refused by the GPU quota")]
    public void ThenAtMost(int most)
    {
        var admitted = state.Series.Count(a => a.Code == 201);
        admitted.Should().BeInRange(1, most, "{0}", Seen());
        state.Series.Count(QuotaDriver.Refused).Should().Be(state.Series.Count - admitted, "{0}", Seen());
    }

    private string Seen() => "the API server said: " + string.Join("; ", state.Series.Select(a => $"{a.Code} {a.Message}").Distinct());
}
