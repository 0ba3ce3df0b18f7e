using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Metrics;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Who reaches the fleet's metrics, and what they give away.</summary>
[Binding]
public sealed class GpuMetricsSteps(
    ScenarioPlatform scenario, ScenarioState state, MetricsDriver metrics, MetricsReadersDriver readers, ExporterAuditDriver audit)
{
    [StepArgumentTransformation("(" + MetricsServer.Phrases + ")", Name = "metrics")]
    public static string ToServer(string phrase) => phrase;

    [Given("a DCGM exporter runs in its own namespace{mistake}")]
    [When("a DCGM exporter runs in its own namespace{mistake}")]
    public Task Served(ManifestEdit? mistake) => readers.ServeAsync(mistake);

    [Given("this exporter's network policies are applied{mistake}")]
    [When("this exporter's network policies are applied{mistake}")]
    public Task Locked(ManifestEdit? mistake) => metrics.LockAsync(mistake);

    [When("this exporter's network policies are removed")]
    public Task WhenUnlocked() => metrics.UnlockAsync();

    [Given("a scraper runs in the namespace of Prometheus")]
    public Task GivenAScraper() => readers.JoinPrometheusAsync();

    [When("a stray network policy admits tenant {string} to the {metrics}")]
    public async Task WhenAHole(string tenant, string server) =>
        await readers.AdmitAsync(scenario[tenant], await metrics.ServerAsync(server));

    [When("tenant {string} labels its namespace as a monitoring namespace and its client as Prometheus")]
    public Task WhenLabelled(string tenant) => MetricsReadersDriver.PassOffAsync(scenario[tenant]);

    [When("the platform removes that label from the namespace of tenant {string}")]
    public Task WhenTheLabelIsTaken(string tenant) => readers.TakeLabelAsync(scenario[tenant]);

    [Then("connections to the {metrics}:")]
    public async Task ThenConnectionsTo(string server, DataTable table) => await readers.AwaitReachedAsync(
        await metrics.ServerAsync(server),
        table.Rows.Select(r => (r["from"], table.ContainsColumn("to") ? r["to"] : "its pod IP", ReachabilitySteps.YesOrNo(r["allowed"]))));

    [Then("tenant {string} learns there which pod of tenant {string} holds which GPU on which host")]
    public async Task ThenLearns(string curious, string other)
    {
        var exporter = await metrics.ServerAsync(MetricsServer.ExporterPhrase);
        var seen = (await readers.ReadAsync(scenario[curious], exporter)).DistinctBy(s => s[Series.Uuid]).ToList();
        scenario.Note($"client of tenant \"{curious}\"", "learns of " + string.Join("; ", seen.Select(GpuSeriesDriver.Learnt)));
        var held = seen.Should()
            .ContainSingle(s => s["namespace"] == scenario[other].Namespace, "an exporter shows everybody's GPUs to everybody").Subject;
        (held["pod"], held["Hostname"]).Should().Be((state.Pod.Name, scenario.Platform.Fleet.NodeUnderTest));
        held[Series.Uuid].Should().StartWith("GPU-");
    }

    [Then("the audit finds nothing wrong with the platform's DCGM exporters")]
    public async Task ThenNothingIsWrong() => (await audit.AuditAllAsync()).Should()
        .BeEmpty("fleet-fixtures/{0} has nothing of the node but one folder to read", Telemetry.WorkloadFile);

    [Then("the audit finds that it {string}")]
    public async Task ThenTheAuditFinds(string finding) =>
        (await audit.AuditOwnAsync()).Should().Equal([finding], "that mistake was made, and no other");

    [Then("the audit finds nothing wrong with it")]
    public async Task ThenTheAuditFindsNothing() => (await audit.AuditOwnAsync()).Should().BeEmpty();
}
