using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>What Prometheus tells, does, and may do; and who may ask it.</summary>
[Binding]
public sealed class PrometheusSteps(ScenarioPlatform scenario, ScenarioState state, PrometheusDriver prometheus, TelemetryDriver telemetry, GpuSeriesDriver gpus)
{
    private const string Second = "the second Prometheus";

    [StepArgumentTransformation("(" + PrometheusAttack.Phrases + ")", Name = "attack")]
    public static PrometheusAttack ToAttack(string phrase) => PrometheusAttack.Of(phrase);

    [StepArgumentTransformation("(the platform's Prometheus|" + Second + ")", Name = "prometheus")]
    public static string ToPrometheus(string words) => words;

    [StepArgumentTransformation("(" + Watcher.Phrases + ")", Name = "watcher")]
    public static Watcher ToWatcher(string phrase) => Watcher.Of(phrase);

    [Given("a second Prometheus runs{mistake}")]
    [When("a second Prometheus runs{mistake}")]
    public Task Run(ManifestEdit? mistake) => prometheus.RunAsync(mistake);

    [Given("the scenario has its own monitoring accounts{mistake}")]
    [When("the scenario has its own monitoring accounts{mistake}")]
    public Task SetUp(ManifestEdit? mistake) => telemetry.SetUpAsync(mistake);

    [Then("tenant {string} learns from Prometheus")]
    public async Task ThenLearns(string tenant, DataTable table)
    {
        foreach (var row in table.Rows)
        {
            var seen = await prometheus.ReadAsync(scenario[tenant], row["at"]);
            scenario.Note($"client of tenant \"{tenant}\"", $"{row["learns"]} at {row["at"]}: {seen[..Math.Min(seen.Length, 1000)]}");
            foreach (var part in await gpus.TellTaleAsync(row["learns"], state.Pod))
                seen.Should().Contain(part, "Prometheus tells whoever reaches it {0}", row["learns"]);
        }
    }

    [Then("a caller of {prometheus} cannot {attack}")]
    public async Task ThenRefused(string which, PrometheusAttack attack)
    {
        var answer = await prometheus.TryAsync(attack, own: which == Second);
        attack.IsRefusal(answer).Should().BeTrue("Prometheus should answer \"{0}\", not {1}", attack.Refusal, answer);
        await prometheus.EnsureUnharmedAsync(attack);
    }

    [Then("a caller of {prometheus} can {attack}")]
    public async Task ThenDone(string which, PrometheusAttack attack)
    {
        which.Should().Be(Second, "nobody attacks the platform's for good");
        var answer = await prometheus.TryAsync(attack, own: true);
        if (answer.Status is not null || !attack.MayCutItsAnswer)
            answer.Status.Should().BeInRange(200, 299, "the flag lets everybody");
        if (attack.Effect is not null)
            await prometheus.AwaitEffectAsync(attack);
    }

    [Then("Prometheus shows the GPU(s) of that pod under tenant {string} only")]
    public async Task ThenKnown(string tenant)
    {
        state.Pod.Tenant.Should().Be(scenario[tenant], "the step is about the pod that runs");
        await gpus.AwaitHeldAsync(state.Pod);
    }

    [Then("Prometheus no longer shows a GPU of tenant {string}")]
    public Task ThenUnknown(string tenant) => gpus.AwaitNoneHeldAsync(scenario[tenant]);

    [Then("Prometheus has scraped the kubelet of every GPU node")]
    public async Task ThenKubelets() => (await gpus.KubeletsUpAsync()).Should().Be(scenario.Platform.Fleet.Info.RealNodes.Count, "nodes/metrics is enough for it");

    [Then("the kubelet on the node of tenant {string} gives the {watcher} its metrics")]
    public async Task ThenTheKubeletGives(string whose, Watcher watcher)
    {
        var answer = await AtTheKubeletAsync(watcher, whose, "/metrics");
        answer.Allowed.Should().BeTrue("nodes/metrics is the right for that: {0}", answer);
        answer.Body!.ToString().Should().Contain("kubelet_running_pods");
    }

    [Then("the kubelet turns the {watcher} away from the list of pods and from the pod of tenant {string}")]
    public async Task ThenTheKubeletTurnsAway(Watcher watcher, string whose)
    {
        foreach (var path in (string?[])["/pods", null])
        {
            var answer = await AtTheKubeletAsync(watcher, whose, path);
            (answer.Code == 403 && answer.Message!.Contains("resource=nodes, subresource", StringComparison.Ordinal)).Should().BeTrue("the kubelet should refuse for want of nodes/proxy: {0}", answer);
        }
    }

    [Then("the kubelet lists the pods of all tenants for the {watcher}, that of tenant {string} among them")]
    public async Task ThenTheKubeletLists(Watcher watcher, string whose) =>
        (await AtTheKubeletAsync(watcher, whose, "/pods")).Body!.ToString().Should().Contain(scenario[whose].Namespace, "nodes/proxy is the whole API of the kubelet");

    [Then("the kubelet runs a command for the {watcher} in the pod of tenant {string}, which prints its secret")]
    public async Task ThenTheKubeletRuns(Watcher watcher, string whose) =>
        (await AtTheKubeletAsync(watcher, whose, null)).Body!.ToString().Should().Contain(state.SecretValues[whose], "nodes/proxy runs commands in every container of the node");

    private Task<ApiAnswer> AtTheKubeletAsync(Watcher watcher, string whose, string? path) => telemetry.AskKubeletAsync(watcher, scenario[whose], path);
}
