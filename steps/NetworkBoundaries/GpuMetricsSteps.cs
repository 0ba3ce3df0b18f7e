using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Who reaches the fleet's metrics, and what they give away.</summary>
[Binding]
public sealed class GpuMetricsSteps(ScenarioPlatform scenario, ScenarioState state, MetricsDriver metrics)
{
    [StepArgumentTransformation("(" + MetricsServer.Phrases + ")", Name = "metrics")]
    public static string ToServer(string phrase) => phrase;

    [Given("a DCGM exporter runs in its own namespace{mistake}")]
    [When("a DCGM exporter runs in its own namespace{mistake}")]
    public Task Served(ManifestEdit? mistake) => metrics.ServeAsync(mistake);

    [Given("this exporter's network policies are applied{mistake}")]
    [When("this exporter's network policies are applied{mistake}")]
    public Task Locked(ManifestEdit? mistake) => metrics.LockAsync(mistake);

    [When("this exporter's network policies are removed")]
    public Task WhenUnlocked() => metrics.UnlockAsync();

    [Given("a scraper runs in the namespace of Prometheus")]
    public Task GivenAScraper() => metrics.JoinPrometheusAsync();

    [When("a stray network policy admits tenant {string} to the {metrics}")]
    public async Task WhenAHole(string tenant, string server) => await metrics.AdmitAsync(scenario[tenant], await metrics.ServerAsync(server));

    [When("tenant {string} labels its namespace as a monitoring namespace and its client as Prometheus")]
    public Task WhenLabelled(string tenant) => MetricsDriver.PassOffAsync(scenario[tenant]);

    [When("the platform removes that label from the namespace of tenant {string}")]
    public Task WhenTheLabelIsTaken(string tenant) => metrics.TakeLabelAsync(scenario[tenant]);

    [Then("connections to the {metrics}:")]
    public async Task ThenConnectionsTo(string server, DataTable table) => await metrics.AwaitReachedAsync(await metrics.ServerAsync(server),
        table.Rows.Select(r => (r["from"], table.ContainsColumn("to") ? r["to"] : "its pod IP", ReachabilitySteps.YesOrNo(r["allowed"]))));

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
    public async Task ThenTheAuditFinds(string finding) => (await metrics.AuditOwnAsync()).Should().Equal([finding], "that mistake was made, and no other");

    [Then("the audit finds nothing wrong with it")]
    public async Task ThenTheAuditFindsNothing() => (await metrics.AuditOwnAsync()).Should().BeEmpty();
}
