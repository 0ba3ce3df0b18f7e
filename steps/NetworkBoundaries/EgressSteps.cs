using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Fleet;
using SecuritySpecs.Network;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Whom the pods of tenants may call.</summary>
[Binding]
public sealed class EgressSteps(ScenarioPlatform scenario, EgressDriver egress)
{
    [StepArgumentTransformation("(" + MetadataForm.Pattern + ")", Name = "form")]
    public static MetadataForm ToForm(string words) => new(words);

    [Given("policies can select the cluster's DNS by the name of its namespace")]
    public Task GivenNamed() => egress.NameDnsNamespaceAsync();

    [When("tenant {string} labels its {workload} as the cluster's DNS")]
    public Task WhenLabelled(string tenant, Workload workload) => EgressDriver.PassOffAsDnsAsync(scenario[tenant], workload);

    [Then("connections from the {workload} of tenant {string}:")]
    public Task ThenConnectionsFrom(Workload workload, string tenant, DataTable table) => egress.AwaitAsync(scenario[tenant], workload,
        table.Rows.Select(r => (r["to"], table.ContainsColumn("how") ? r["how"] : "", ReachabilitySteps.YesOrNo(r["allowed"]))));

    [Then("the {workload} of tenant {string} can read the node's credentials {form}")]
    public Task ThenReads(Workload workload, string tenant, MetadataForm form) => Poll.UntilAsync("the credentials of the node",
        () => egress.AskForCredentialsAsync(scenario[tenant], workload, form),
        said => said?.Contains(OutsideWorld.Credential, StringComparison.Ordinal) == true, said => said ?? "nothing");

    [Then("the {workload} of tenant {string} cannot read the node's credentials {form}")]
    public async Task ThenReadsNot(Workload workload, string tenant, MetadataForm form) =>
        (await egress.AskForCredentialsAsync(scenario[tenant], workload, form)).Should().BeNull("the metadata service is out of its reach");

    [Then("the {workload} of tenant {string} cannot find its tenant's server by name")]
    public async Task ThenFindsNot(Workload workload, string tenant) =>
        (await egress.FindServerAsync(scenario[tenant], workload)).Should().BeOneOf([ProbeResult.Unresolved, ProbeResult.TimedOut], "nobody tells it the address");
}
