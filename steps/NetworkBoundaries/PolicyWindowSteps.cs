using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>For how long the network is open that a policy is to close.</summary>
[Binding]
public sealed class PolicyWindowSteps(ScenarioPlatform scenario, PolicyWindowDriver window)
{
    [Then("a new pod of tenant {string} that calls from its first instant reaches the servers of tenants {string} and {string}")]
    public async Task ThenReachesBoth(string tenant, string own, string other)
    {
        own.Should().Be(tenant, "the first server is the pod's neighbour");
        var calls = await window.CallFromStartAsync(scenario[tenant], scenario[other], bound: null);
        calls.Own.Open.Should().BePositive("nothing keeps the pod from its neighbour: {0}", calls.Own);
        calls.Other.Open.Should().BePositive("nothing keeps the pod from the server of tenant \"{0}\": {1}", other, calls.Other);
    }

    [Then("a new pod of tenant {string} that calls from its first instant reaches its server and, for {int} ms at most, that of tenant {string}")]
    public async Task ThenIsCutOff(string tenant, int ms, string other)
    {
        var (own, denied) = await window.CallFromStartAsync(scenario[tenant], scenario[other], TimeSpan.FromMilliseconds(ms));
        var shut = denied.LastOpen ?? TimeSpan.Zero;
        shut.TotalMilliseconds.Should().BeLessThanOrEqualTo(ms, "the pod is to be fenced by then: {0}", denied);
        own.LastOpen.Should().NotBeNull("the pod may reach its neighbour: {0}", own);
        own.LastOpen!.Value.Should().BeGreaterThan(shut, "the other server counts as cut off only while the neighbour is reached: {0}; {1}", own, denied);
        denied.Tries.Should().BeGreaterThan(denied.Open + 5, "the pod must have tried after it was cut off: {0}", denied);
    }

    [Then("a new server of tenant {string} is reached by the clients of tenants {string} and {string}")]
    public async Task ThenReachedByBoth(string tenant, string own, string other)
    {
        own.Should().Be(tenant, "the first client is the server's neighbour");
        await window.CallFromPublicationAsync(scenario[tenant], scenario[other], bound: null);
    }

    [Then("a new server of tenant {string} is reached by its client and, for {int} ms at most, by that of tenant {string}")]
    public async Task ThenIsFenced(string tenant, int ms, string other)
    {
        var open = await window.CallFromPublicationAsync(scenario[tenant], scenario[other], TimeSpan.FromMilliseconds(ms));
        open.TotalMilliseconds.Should().BeLessThanOrEqualTo(ms, "the server is to be fenced by then");
    }

    [Then("{int} ms after control {string} is applied to tenant {string} at the latest, the server of that tenant is reached by its client and not by that of tenant {string}")]
    public async Task ThenTakesHold(int ms, string control, string tenant, string other)
    {
        var open = await window.CallWhileAppliedAsync(control, scenario[tenant], scenario[other], TimeSpan.FromMilliseconds(ms));
        open.TotalMilliseconds.Should().BeLessThanOrEqualTo(ms, "the policy is to be in force by then");
    }
}
