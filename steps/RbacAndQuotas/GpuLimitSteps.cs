using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>A tenant that asks for GPUs in every way at once.</summary>
[Binding]
public sealed class GpuLimitSteps(ScenarioPlatform scenario, GpuRace race)
{
    [When("tenant {string} asks for {int} GPUs each by a Deployment, by a Job and by bare pods, all at once")]
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
