using FluentAssertions;
using Reqnroll;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>Who reaches whose server under which policy, and what tenants learn of each other's services.</summary>
[Binding]
public sealed class ReachSteps(ScenarioPlatform scenario, ReachDriver reach)
{
    [Then("the clients of tenants {string} and {string} reach the server of tenant {string}")]
    public Task ThenBothReach(string one, string other, string server) => reach.AwaitAsync(scenario[server], [scenario[one], scenario[other]], []);

    [Then("the client of tenant {string} reaches the server of tenant {string} and that of tenant {string} does not")]
    public Task ThenOneReaches(string one, string server, string other) => reach.AwaitAsync(scenario[server], [scenario[one]], [scenario[other]]);

    [Then("the client of tenant {string} finds the service of tenant {string} by its name")]
    public async Task ThenFinds(string client, string server) => (await reach.AwaitByNameAsync(scenario[client], scenario[server]))
        .Body.Should().Contain(scenario[server].Namespace, "it should be that tenant's server that answers");

    [Then("to the client of tenant {string} the name of the service of tenant {string} is known and useless")]
    public async Task ThenUseless(string client, string server) => (await reach.ProbeByNameAsync(scenario[client], scenario[server]))
        .Result.Should().BeOneOf(["timeout", "refused", "unreachable"], "the name is resolved, and the policy stands behind it");

    [Then("the environment of the client of tenant {string} names the service of tenant {string} and not that of tenant {string}")]
    public async Task ThenNames(string client, string own, string other)
    {
        (await reach.ToldOfAsync(scenario[client], scenario[own])).Should().NotBeEmpty("a pod is told of its own namespace's services");
        (await reach.ToldOfAsync(scenario[client], scenario[other])).Should().BeEmpty("it is told of no other's");
    }
}
