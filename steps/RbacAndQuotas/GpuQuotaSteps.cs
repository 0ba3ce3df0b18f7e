using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Quotas on GPUs, and what they refuse.</summary>
[Binding]
public sealed class GpuQuotaSteps(ScenarioPlatform scenario, ScenarioState state, QuotaDriver quotas, QuotaAudit audit, GpuPodDriver gpuPods)
{
    [Given("tenant {string} has a quota of {int} GPU(s){mistake}")]
    [When("tenant {string} has a quota of {int} GPU(s){mistake}")]
    public Task AQuota(string tenant, int gpus, ManifestEdit? mistake) => quotas.SetAsync(scenario[tenant], gpus, mistake);

    [Given("tenant {string} has a quota of {int} GPU(s) for pods of PriorityClass {string}")]
    public Task AQuotaOfAClass(string tenant, int gpus, string @class) => quotas.SetForClassAsync(scenario[tenant], gpus, scenario.Unique(@class));

    [Then("no tenant's namespace is without a GPU quota")]
    public async Task ThenNoHole() => (await audit.WithoutGpuQuotaAsync()).Should().BeEmpty("each tenant's GPUs should be counted");

    [Then("only the namespace of tenant {string} is without a GPU quota")]
    public async Task ThenOneHole(string tenant) => (await audit.WithoutGpuQuotaAsync()).Should().Equal([scenario[tenant].Namespace], "the hole should be found by name");

    [When("the quota of tenant {string} is removed")]
    public Task WhenTheQuotaIsRemoved(string tenant) => quotas.RemoveAsync(scenario[tenant]);

    [Then("the quota of tenant {string} counts {int} GPU(s)")]
    public Task ThenTheQuotaCounts(string tenant, int gpus) => quotas.AwaitUsedAsync(scenario[tenant], gpus);

    [Then("tenant {string} gets a pod with {int} GPU(s) admitted")]
    public async Task ThenGetsAdmitted(string tenant, int gpus) => state.Pod = await Poll.UntilAsync($"a pod with {gpus} GPUs to be admitted",
        () => gpuPods.SubmitAsync(scenario[tenant], gpus, Placement.Nowhere), p => p.Answer.Allowed, p => p.Answer.ToString());

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
