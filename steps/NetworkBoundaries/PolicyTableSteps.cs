using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>What network policies say by themselves, each end alone.</summary>
[Binding]
public sealed class PolicyTableSteps(ScenarioPlatform scenario, PolicyTable table, MetricsDriver metrics, NamespaceMarks marks)
{
    [Given("an exporter and Prometheus have namespaces of their own with their network policies")]
    public Task GivenFences() => metrics.FenceAsync();

    [Then("the network policies of tenant {string} allow these connections and no others:")]
    public async Task ThenOfTenant(string tenant, DataTable rows) =>
        Check(await table.WrongAsync(scenario[tenant].Namespace, scenario[tenant].Owner, Rows(rows)));

    [Then("the network policies in the exporter's namespace allow these connections and no others:")]
    public async Task ThenOfExporter(DataTable rows) => Check(await table.WrongAsync((await metrics.OwnSiteAsync()).Fleet, "nobody", Rows(rows)));

    [Then("the network policies in the namespace of Prometheus allow these connections and no others:")]
    public async Task ThenOfPrometheus(DataTable rows) => Check(await table.WrongAsync((await metrics.OwnSiteAsync()).Monitoring, "nobody", Rows(rows)));

    [Then("the platform's labels and annotations on the namespace of Prometheus are exactly:")]
    public async Task ThenMarksOfPrometheus(DataTable rows) => (await marks.ReadAsync((await metrics.OwnSiteAsync()).Monitoring))
        .ShouldBeExactly(rows.Rows.Select(r => $"{r["key"]}: {r["value"]}"), "The namespace of Prometheus should have the platform's labels and annotations of the table and no others");

    private static void Check(IReadOnlyList<string> wrong) => wrong.Should().BeEmpty("the policies allow what the table names and nothing else");

    private static List<PolicyRow> Rows(DataTable rows) => [.. rows.Rows.Select(r => new PolicyRow(r["end"], r["pod"], r["peer"], r["ports"]))];
}
