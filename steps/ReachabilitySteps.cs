using FluentAssertions;
using Reqnroll;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>What tenants run, and who reaches it over the network.</summary>
[Binding]
public sealed class ReachabilitySteps(ScenarioPlatform scenario, WorkloadDriver workloads, ReachabilityDriver reach)
{
    [StepArgumentTransformation("(" + Workload.Pattern + ")", Name = "workload")]
    public static Workload ToWorkload(string words) => new(words);

    [Given("tenant {string} runs a {workload}")]
    [When("tenant {string} runs a {workload}")]
    public Task Runs(string tenant, Workload workload) => workloads.RunAsync(scenario[tenant], workload);

    [Given("these workloads run")]
    public Task GivenTheseRun(DataTable table) =>
        Task.WhenAll(table.Rows.Select(r => workloads.RunAsync(scenario[r["tenant"]], new Workload(r["workload"]))));

    [Given("no network policy stands in the namespace of tenant {string}")]
    public async Task GivenNoPolicy(string tenant)
    {
        var list = await scenario.Admin.GetAsync($"/apis/networking.k8s.io/v1/namespaces/{scenario[tenant].Namespace}/networkpolicies");
        list.OrThrow().Items.Should().BeEmpty("the scenario is about a namespace without any");
    }

    [Then("the {workload} of tenant {string} is reached as follows")]
    public async Task ThenReachedAsFollows(Workload workload, string tenant, DataTable table)
    {
        var cells = await Task.WhenAll(table.Rows.Select(r =>
            reach.CellAsync(r["by"], scenario[tenant], workload, table.ContainsColumn("at") ? r["at"] : "its pod IP", YesOrNo(r["reached"]))));
        await reach.AwaitAsync($"the {workload} of tenant \"{tenant}\"", cells);
    }

    private static bool YesOrNo(string word) => word switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new ArgumentException($"reached is \"{word}\": yes or no is expected."),
    };
}
