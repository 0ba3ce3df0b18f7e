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

    [When("tenant {string} passes its {workload} off as the cluster's DNS")]
    public Task WhenPassedOff(string tenant, Workload workload) => EgressDriver.PassOffAsDnsAsync(scenario[tenant], workload);

    [Then("the {workload} of tenant {string} reaches the following")]
    public Task ThenReaches(Workload workload, string tenant, DataTable table) => egress.AwaitAsync(scenario[tenant], workload,
        table.Rows.Select(r => (r["place"], table.ContainsColumn("at") ? r["at"] : "", ReachabilitySteps.YesOrNo(r["reached"]))));

    [Then("the {workload} of tenant {string} gets hold of the credentials of the node {form}")]
    public Task ThenGets(Workload workload, string tenant, MetadataForm form) => Poll.UntilAsync("the credentials of the node",
        () => egress.AskForCredentialsAsync(scenario[tenant], workload, form), said => said?.Contains(OutsideWorld.Credential, StringComparison.Ordinal) == true, said => said ?? "nothing");

    [Then("the {workload} of tenant {string} does not get hold of the credentials of the node {form}")]
    public async Task ThenGetsNot(Workload workload, string tenant, MetadataForm form) =>
        (await egress.AskForCredentialsAsync(scenario[tenant], workload, form)).Should().BeNull("the metadata service is out of its reach");

    [Then("the {workload} of tenant {string} does not find the server of its tenant by name")]
    public async Task ThenFindsNot(Workload workload, string tenant) =>
        (await egress.FindServerAsync(scenario[tenant], workload)).Should().BeOneOf([ProbeResult.Unresolved, ProbeResult.TimedOut], "nobody tells it the address");
}
