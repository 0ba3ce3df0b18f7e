using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Jobs that wait in a queue.</summary>
[Binding]
public sealed class QueueSteps(ScenarioPlatform scenario, ScenarioState state, QueueDriver queues)
{
    [When("tenant {string} submits a Job with a GPU that waits in a queue")]
    public async Task WhenSubmits(string tenant) => state.Template = await QueueDriver.SubmitAsync(scenario[tenant]);

    [When("Kueue starts the Job of tenant {string}")]
    public Task WhenKueueStarts(string tenant) => queues.StartAsync(scenario[tenant]);
}
