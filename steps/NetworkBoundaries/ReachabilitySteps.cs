using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>What tenants run, and who reaches it over the network.</summary>
[Binding]
public sealed class ReachabilitySteps(ScenarioPlatform scenario, WorkloadDriver workloads, ReachabilityDriver reach, GpuSchedulerDriver scheduler)
{
    [StepArgumentTransformation("(" + Workload.Pattern + ")", Name = "workload")]
    public static Workload ToWorkload(string words) => new(words);

    [Given("tenant {string} runs a {workload}")]
    [When("tenant {string} runs a {workload}")]
    public Task Runs(string tenant, Workload workload) => workloads.RunAsync(scenario[tenant], workload);

    [Given("these workloads run")]
    public Task GivenTheseRun(DataTable table) =>
        Task.WhenAll(table.Rows.Select(r => workloads.RunAsync(scenario[r["tenant"]], new Workload(r["workload"]))));

    [Given("the namespace of tenant {string} has no network policy")]
    public async Task GivenNoPolicy(string tenant)
    {
        var list = await scenario.Admin.GetAsync($"/apis/networking.k8s.io/v1/namespaces/{scenario[tenant].Namespace}/networkpolicies");
        list.OrThrow().Items.Should().BeEmpty("the scenario is about a namespace without any");
    }

    [Then("connections to the {workload} of tenant {string}:")]
    public async Task ThenConnectionsTo(Workload workload, string tenant, DataTable table)
    {
        var cells = await Task.WhenAll(table.Rows.Select(r =>
            reach.CellAsync(r["from"], scenario[tenant], workload, table.ContainsColumn("to") ? r["to"] : "its pod IP", YesOrNo(r["allowed"]))));
        await reach.AwaitAsync($"the {workload} of tenant \"{tenant}\"", cells);
    }

    [Then("connections to the scheduler of GPU jobs:")]
    public async Task ThenConnectionsToTheScheduler(DataTable table) => await reach.AwaitAsync("the scheduler of GPU jobs",
        await Task.WhenAll(table.Rows.Select(r => scheduler.CellAsync(r["from"], r["to"], YesOrNo(r["allowed"])))));

    [Then("{int} of {int} connections between all workloads are allowed, as the network policies say")]
    public async Task ThenBetweenAll(int open, int all)
    {
        var ways = await reach.WaysAsync();
        (ways.Count(w => w.Reached), ways.Count).Should().Be((open, all), "that is what the policies should say");
        await reach.AwaitAsync("every workload", ways);
    }

    /// <summary>What the column <c>allowed</c> says.</summary>
    internal static bool YesOrNo(string word) => word switch
    {
        "yes" => true,
        "no" => false,
        _ => throw new ArgumentException($"allowed is \"{word}\": yes or no is expected."),
    };
}
