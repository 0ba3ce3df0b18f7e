using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Alarms that nobody's GPU gave: who can raise or silence them, and what Prometheus makes of it.</summary>
[Binding]
public sealed class AlarmSteps(ScenarioPlatform scenario, ScenarioState state, MetricsDriver metrics, AlarmDriver alarms, GpuSeriesDriver gpus)
{
    private const string Below = "below";
    private const string Above = "above";
    private int _gpu;
    private MetricsServer _exporter = MetricsServer.Lesson;

    [StepArgumentTransformation("(at|" + Below + "|" + Above + ")", Name = "comparison")]
    public static string ToComparison(string word) => word;

    [When("tenant {string} raises the alarm {string} for a GPU at the {metrics}")]
    public async Task WhenRaised(string tenant, string alarm, string exporter)
    {
        (_exporter, _gpu) = (await metrics.ServerAsync(exporter), await alarms.HoldGpuAsync());
        (await alarms.ForgeAsync(scenario[tenant], _exporter, alarm, _gpu, [null])).Single().Status.Should().Be(204, "this exporter asks nobody who he is");
    }

    [When("tenant {string} makes the GPU of tenant {string} look idle at the {metrics}")]
    public async Task WhenHidden(string tenant, string victim, string exporter)
    {
        (_exporter, _gpu) = (await metrics.ServerAsync(exporter), await alarms.HoldGpuAsync(await gpus.IndexAsync(state.Pod)));
        state.Pod.Tenant.Should().Be(scenario[victim], "the step is about the pod that runs");
        (await alarms.ForgeAsync(scenario[tenant], _exporter, "idle", _gpu, [null])).Single().Status.Should().Be(204, "this exporter asks nobody who he is");
    }

    [Then("the {metrics} refuses the alarm {string} from tenant {string} without a token, with a wrong one, and with its ServiceAccount token")]
    public async Task ThenTurnedAway(string exporter, string alarm, string tenant)
    {
        (_exporter, _gpu) = (await metrics.ServerAsync(exporter), await alarms.HoldGpuAsync());
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

    [Then("Prometheus shows {string} {comparison} {int} for that GPU")]
    public Task ThenShown(string field, string comparison, int value) => ShowsAsync(_exporter, _gpu, field, comparison, value);

    [Then("Prometheus shows {string} {comparison} {int} for the GPU of tenant {string} at the {metrics}")]
    public async Task ThenStillShown(string field, string comparison, int value, string tenant, string exporter)
    {
        state.Pod.Tenant.Should().Be(scenario[tenant], "the step is about the pod that runs");
        await ShowsAsync(await metrics.ServerAsync(exporter), await gpus.IndexAsync(state.Pod), field, comparison, value);
    }

    private Task<double> ShowsAsync(MetricsServer exporter, int gpu, string field, string comparison, int value) => alarms.AwaitShownAsync(exporter, gpu, field, v => comparison switch
    {
        Below => v < value,
        Above => v > value,
        _ => v == value,
    }, $"{comparison} {value}");
}
