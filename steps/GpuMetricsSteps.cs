using FluentAssertions;
using Reqnroll;
using SecuritySpecs.Kube;
using SecuritySpecs.Metrics;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>Who reaches the fleet's metrics, and what they give away.</summary>
[Binding]
public sealed class GpuMetricsSteps(ScenarioPlatform scenario, ScenarioState state, MetricsDriver metrics)
{
    [StepArgumentTransformation("(" + MetricsServer.Phrases + ")", Name = "metrics")]
    public static string ToServer(string phrase) => phrase;

    [Given("the fleet's metrics are served in a place of their own")]
    [When("the fleet's metrics are served in a place of their own")]
    public Task Served() => metrics.ServeAsync();

    [When("the fleet's metrics are served in a place of their own {edit}")]
    public Task ServedWithAMistake(ManifestEdit edit) => metrics.ServeAsync(edit);

    [When("these metrics are locked down")]
    public Task LockedDown() => metrics.LockAsync();

    [When("these metrics are locked down {edit}")]
    public Task LockedDownWithAMistake(ManifestEdit edit) => metrics.LockAsync(edit);

    [When("the lockdown of these metrics is removed")]
    public Task Unlocked() => metrics.UnlockAsync();

    [Given("a scraper stands beside Prometheus")]
    public Task GivenAScraper() => metrics.JoinPrometheusAsync();

    [When("a stray network policy lets tenant {string} in to the {metrics}")]
    public async Task WhenAHole(string tenant, string server) => await metrics.OpenHoleAsync(scenario[tenant], await metrics.ServerAsync(server));

    [When("the stray network policy is removed")]
    public Task WhenTheHoleIsClosed() => metrics.CloseHolesAsync();

    [Then("the {metrics} is reached as follows")]
    public async Task ThenReached(string server, DataTable table) => await metrics.AwaitReachedAsync(await metrics.ServerAsync(server),
        table.Rows.Select(r => (r["by"], table.ContainsColumn("at") ? r["at"] : "its pod IP", r["reached"] == "yes")));

    [Then("tenant {string} learns there which pod of tenant {string} holds which GPU on which host")]
    public async Task ThenLearns(string curious, string other)
    {
        var all = await metrics.ReadAsync(scenario[curious], await metrics.ServerAsync(MetricsServer.ExporterPhrase));
        var seen = all.DistinctBy(s => s[Series.Uuid]).ToList();
        scenario.Note($"client of tenant \"{curious}\"", Learnt(seen));
        var holder = seen.Should().ContainSingle(s => s["namespace"] == scenario[other].Namespace, "an exporter shows everybody's GPUs to everybody").Subject;
        holder["pod"].Should().Be(state.Pod.Name);
        holder["Hostname"].Should().Be(scenario.Platform.Fleet.NodeUnderTest);
        holder[Series.Uuid].Should().StartWith("GPU-");
    }

    private static string Learnt(IEnumerable<Series> seen) => "learns of " + string.Join("; ", seen
        .Select(s => $"{s[Series.Uuid]} ({s["modelName"]}) on host {s["Hostname"]}, held by {(s["pod"] is { } pod ? $"{s["namespace"]}/{pod}" : "nobody")}"));
}
