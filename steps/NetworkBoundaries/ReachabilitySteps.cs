using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>What tenants run, and who reaches it over the network.</summary>
[Binding]
public sealed class ReachabilitySteps(ScenarioPlatform scenario, WorkloadDriver workloads, ReachabilityDriver reach, NetworkAudit audit)
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

    [Then("{int} of {int} ways between all workloads are open, as the network policies say")]
    public async Task ThenTheWays(int open, int all)
    {
        var ways = await reach.WaysAsync();
        (ways.Count(w => w.Reached), ways.Count).Should().Be((open, all), "that is what the policies should say");
        await reach.AwaitAsync("every workload", ways);
    }

    [Then("no tenant's namespace is without a default deny")]
    public async Task ThenNoHole() => (await audit.WithoutDefaultDenyAsync()).Should().BeEmpty("a pod that nobody has thought of should be fenced");

    [Then("only the namespace of tenant {string} is without a default deny")]
    public async Task ThenOneHole(string tenant) => (await audit.WithoutDefaultDenyAsync()).Should().Equal([scenario[tenant].Namespace], "the hole should be found by name");

    /// <summary>What the column <c>reached</c> says.</summary>
    internal static bool YesOrNo(string word) => word switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new ArgumentException($"reached is \"{word}\": yes or no is expected."),
    };
}
