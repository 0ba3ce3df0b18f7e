using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>For how long the network is open that a policy is to close.</summary>
[Binding]
public sealed partial class PolicyWindowSteps(ScenarioPlatform scenario, PolicyWindowDriver window)
{
    private const string Always = "always";

    [Then("a new pod of tenant {string} reaches these servers from its first instant:")]
    public async Task ThenReaches(string tenant, DataTable table)
    {
        var (other, bound) = Parse(tenant, table);
        var (own, others) = await window.CallFromStartAsync(scenario[tenant], scenario[other], bound);
        if (bound is { } limit)
            ShouldBeCutOff(own, others, limit);
        else
            new[] { own.Open, others.Open }.Should().OnlyContain(o => o > 0, "nothing keeps the pod from either server: {0}; {1}", own, others);
    }

    [Then("a new server of tenant {string} is reached by these clients from its first instant:")]
    public async Task ThenReachedBy(string tenant, DataTable table)
    {
        var (other, bound) = Parse(tenant, table);
        var open = await window.CallFromPublicationAsync(scenario[tenant], scenario[other], bound);
        if (bound is { } limit)
            open.Should().BeLessThanOrEqualTo(limit, "the server is to be fenced by then");
    }

    [Then("control {string}, applied to tenant {string} during calls, cuts off only the client of tenant {string}, within {int} ms")]
    public async Task ThenTakesHold(string control, string tenant, string other, int ms)
    {
        var open = await window.CallWhileAppliedAsync(control, scenario[tenant], scenario[other], TimeSpan.FromMilliseconds(ms));
        open.TotalMilliseconds.Should().BeLessThanOrEqualTo(ms, "the policy is to be in force by then");
    }

    // Measured only: policies are about connections, and what a plugin does to one that stands is its own affair.
    [Then("the report says whether an open connection of the client of tenant {string} outlives control {string}, applied to tenant {string}")]
    public Task ThenMeasured(string other, string control, string tenant) => window.MeasureHeldAsync(control, scenario[tenant], scenario[other]);

    // The tenant's own comes first and stays reachable; for the other the bound is null where it stays reachable, too.
    private static (string Other, TimeSpan? Bound) Parse(string tenant, DataTable table)
    {
        var rows = table.Rows.Select(r => (Tenant: r["tenant"], Reached: r["reached"])).ToList();
        rows.Should().HaveCount(2, "one row for the tenant itself and one for another");
        rows[0].Should().Be((tenant, Always), "the first row is about the tenant itself");
        return (rows[1].Tenant, rows[1].Reached == Always ? null : TimeSpan.FromMilliseconds(int.Parse(AtMost().Match(rows[1].Reached).Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    private static void ShouldBeCutOff(Calls own, Calls denied, TimeSpan limit)
    {
        var shut = denied.LastOpen ?? TimeSpan.Zero;
        shut.Should().BeLessThanOrEqualTo(limit, "the pod is to be fenced by then: {0}", denied);
        own.LastOpen.Should().NotBeNull("the pod may reach its neighbour: {0}", own);
        own.LastOpen!.Value.Should().BeGreaterThan(shut, "the other server counts as cut off only while the neighbour is reached: {0}; {1}", own, denied);
        denied.Tries.Should().BeGreaterThan(denied.Open + 5, "the pod must have tried after it was cut off: {0}", denied);
    }

    [GeneratedRegex("^for at most ([0-9]+) ms$")]
    private static partial Regex AtMost();
}
