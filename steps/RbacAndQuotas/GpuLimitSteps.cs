using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Drivers.Shared.Pods;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>What admission makes of the GPUs that a pod asks for.</summary>
[Binding]
public sealed class GpuLimitSteps(ScenarioPlatform scenario, ScenarioState state, TenantPodDriver pods, GpuRace race)
{
    [Then("tenant {string} gets a pod that {trait} admitted with {int} GPU(s)")]
    public async Task ThenGetsGpus(string tenant, PodTrait trait, int gpus) => state.Pod = await Poll.UntilAsync($"a pod that {trait.Phrase} to be admitted with {gpus} GPUs",
        () => pods.TryAsync(scenario[tenant], trait, PodPart.Pod), p => p.Answer.Allowed && PodDriver.GpusOf(p.Answer.Body!) == gpus,
        p => p.Answer.Allowed ? $"{PodDriver.GpusOf(p.Answer.Body!)} GPUs" : p.Answer.ToString());

    [When("tenant {string} asks for {int} GPUs each by a Deployment, by a Job and by pods of its own, all at once")]
    public Task WhenRaces(string tenant, int each) => race.StartAsync(scenario[tenant], each);

    [Then("tenant {string} ends with {int} GPUs and never had more")]
    public async Task ThenEndsWith(string tenant, int gpus)
    {
        var outcome = await race.EndAsync(scenario[tenant], gpus);
        outcome.Gpus.Should().Be(gpus);
        outcome.Strange.Should().BeEmpty("pods are admitted, or refused by the GPU quota");
        outcome.MostPods.Should().Be(gpus, "each pod has one GPU, and this is the most that was there at any moment");
        outcome.MostCounted.Should().BeLessThanOrEqualTo(gpus, "the quota may never count more either");
    }
}
