using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Steps.NetworkBoundaries;

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
    public Task WhenServedWithAMistake(ManifestEdit edit) => metrics.ServeAsync(edit);

    [Given("these metrics are locked down")]
    [When("these metrics are locked down")]
    public Task LockedDown() => metrics.LockAsync();

    [When("these metrics are locked down {edit}")]
    public Task WhenLockedDownWithAMistake(ManifestEdit edit) => metrics.LockAsync(edit);

    [When("the lockdown of these metrics is removed")]
    public Task WhenUnlocked() => metrics.UnlockAsync();

    [Given("a scraper stands beside Prometheus")]
    public Task GivenAScraper() => metrics.JoinPrometheusAsync();

    [When("a stray network policy lets tenant {string} in to the {metrics}")]
    public async Task WhenAHole(string tenant, string server) => await metrics.OpenHoleAsync(scenario[tenant], await metrics.ServerAsync(server));

    [When("the stray network policy is removed")]
    public Task WhenTheHoleIsClosed() => metrics.CloseHolesAsync();

    [When("tenant {string} passes its namespace off as a monitoring namespace and its client as a Prometheus")]
    public Task WhenPassedOff(string tenant) => MetricsDriver.PassOffAsync(scenario[tenant]);

    [When("the platform takes that label from the namespace of tenant {string}")]
    public Task WhenTheLabelIsTaken(string tenant) => metrics.TakeLabelAsync(scenario[tenant]);

    [When("a stray role lets tenant {string} use the API server's proxy beside the exporters")]
    public Task WhenAStrayProxy(string tenant) => metrics.LetProxyAsync(scenario[tenant]);

    [When("that stray role is removed")]
    public Task WhenTheProxyIsClosed() => metrics.CloseProxyAsync();

    [When("a DCGM exporter is drafted {edit}")]
    public Task WhenDrafted(ManifestEdit edit) => metrics.DraftAsync(edit);

    [Then("the {metrics} is reached as follows")]
    public async Task ThenReached(string server, DataTable table) => await metrics.AwaitReachedAsync(await metrics.ServerAsync(server),
        table.Rows.Select(r => (r["by"], table.ContainsColumn("at") ? r["at"] : "its pod IP", r["reached"] == "yes")));

    [Then("tenant {string} learns there which pod of tenant {string} holds which GPU on which host")]
    public async Task ThenLearns(string curious, string other)
    {
        var seen = (await metrics.ReadAsync(scenario[curious], await metrics.ServerAsync(MetricsServer.ExporterPhrase))).DistinctBy(s => s[Series.Uuid]).ToList();
        scenario.Note($"client of tenant \"{curious}\"", "learns of " + string.Join("; ", seen.Select(GpuSeriesDriver.Learnt)));
        var held = seen.Should().ContainSingle(s => s["namespace"] == scenario[other].Namespace, "an exporter shows everybody's GPUs to everybody").Subject;
        (held["pod"], held["Hostname"]).Should().Be((state.Pod.Name, scenario.Platform.Fleet.NodeUnderTest));
        held[Series.Uuid].Should().StartWith("GPU-");
    }

    [Then("the audit finds nothing wrong with the platform's DCGM exporters")]
    public async Task ThenNothingIsWrong() => (await metrics.AuditAllAsync()).Should().BeEmpty("fleet-fixtures/{0} has nothing of the node but one folder to read", Telemetry.WorkloadFile);

    [Then("the audit finds that it {string}")]
    public async Task ThenTheAuditFinds(string finding) => (await metrics.AuditDraftAsync()).Should().Equal([finding], "that mistake was made, and no other");

    [Then("the audit finds nothing wrong with it")]
    public async Task ThenTheAuditFindsNothing() => (await metrics.AuditDraftAsync()).Should().BeEmpty();
}
