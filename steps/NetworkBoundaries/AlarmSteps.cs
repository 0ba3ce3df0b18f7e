using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Alarms that nobody's GPU gave: who can raise or silence them, and what Prometheus makes of it.</summary>
[Binding]
public sealed class AlarmSteps(ScenarioPlatform scenario, ScenarioState state, MetricsDriver metrics, AlarmDriver alarms, GpuSeriesDriver gpus)
{
    private int _gpu;
    private MetricsServer _exporter = MetricsServer.Lesson;

    [When("tenant {string} raises the alarm {string} for a GPU at the {metrics}")]
    public async Task WhenRaised(string tenant, string alarm, string exporter)
    {
        (_exporter, _gpu) = (await metrics.ServerAsync(exporter), await alarms.ChooseGpuAsync());
        (await alarms.ForgeAsync(scenario[tenant], _exporter, alarm, _gpu, [null])).Single().Status.Should().Be(204, "this exporter asks nobody who he is");
    }

    [When("tenant {string} makes the GPU of tenant {string} look idle at the {metrics}")]
    public async Task WhenHidden(string tenant, string victim, string exporter)
    {
        (_exporter, _gpu) = (await metrics.ServerAsync(exporter), await gpus.IndexAsync(state.Pod));
        state.Pod.Tenant.Should().Be(scenario[victim], "the step is about the pod that runs");
        (await alarms.ForgeAsync(scenario[tenant], _exporter, "idle", _gpu, [null])).Single().Status.Should().Be(204, "this exporter asks nobody who he is");
    }

    [Then("the {metrics} takes the alarm {string} from tenant {string} with no token: not without, not with a guess, not with that of its account")]
    public async Task ThenTurnedAway(string exporter, string alarm, string tenant)
    {
        (_exporter, _gpu) = (await metrics.ServerAsync(exporter), await alarms.ChooseGpuAsync());
        var account = (await scenario.Platform.LoginAsync(scenario[tenant].Namespace, Tenant.ServiceAccount)).AccessToken;
        var answers = await alarms.ForgeAsync(scenario[tenant], _exporter, alarm, _gpu, null, "guess", account);
        answers.Select(a => a.Status).Should().Equal(401, 401, 401);
    }

    [Then("in the pod of the {metrics} the file {string} belongs to user {int} and group {int} and has mode {string}")]
    public async Task ThenFile(string exporter, string path, int user, int group, string mode) =>
        (await metrics.FileAsync(await metrics.ServerAsync(exporter), path)).Should().Be(new PodFile(mode, user, group));

    [When("the platform raises the alarm {string} for that GPU with the token")]
    public Task WhenThePlatformRaises(string alarm) => alarms.SwitchAsync(_exporter, alarm, _gpu);

    [When("the platform clears the alarm")]
    public Task WhenCleared() => alarms.ClearAsync();

    [Then("Prometheus shows {string} at {int} for that GPU")]
    public Task ThenShown(string field, int value) => alarms.AwaitShownAsync(_exporter, _gpu, field, v => v == value, $"at {value}");

    [Then("Prometheus shows {string} below {int} for that GPU")]
    public Task ThenShownBelow(string field, int value) => alarms.AwaitShownAsync(_exporter, _gpu, field, v => v < value, $"below {value}");

    [Then("Prometheus shows {string} above {int} for that GPU")]
    public Task ThenShownAbove(string field, int value) => alarms.AwaitShownAsync(_exporter, _gpu, field, v => v > value, $"above {value}");

    [Then("Prometheus shows {string} above {int} for the GPU of tenant {string} at the {metrics}")]
    public async Task ThenStillShown(string field, int value, string tenant, string exporter)
    {
        state.Pod.Tenant.Should().Be(scenario[tenant], "the step is about the pod that runs");
        await alarms.AwaitShownAsync(await metrics.ServerAsync(exporter), await gpus.IndexAsync(state.Pod), field, v => v > value, $"above {value}");
    }
}
