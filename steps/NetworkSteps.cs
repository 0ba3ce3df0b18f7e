using FluentAssertions;
using Reqnroll;
using SecuritySpecs.Kube;
using SecuritySpecs.Tenants;

namespace SecuritySpecs.Steps;

/// <summary>Who reaches whom over the network.</summary>
[Binding]
public sealed class NetworkSteps(ScenarioPlatform scenario)
{
    [Given("no network policy stands in the namespace of tenant {string}")]
    public async Task GivenNoPolicy(string tenant)
    {
        var list = await scenario.Admin.GetAsync($"/apis/networking.k8s.io/v1/namespaces/{scenario[tenant].Namespace}/networkpolicies");
        list.OrThrow().Items.Should().BeEmpty("the scenario is about a namespace without any");
    }

    [Then("the client of tenant {string} reaches the server of tenant {string}")]
    public async Task ThenReaches(string client, string server)
    {
        var pod = await scenario[server].Pods.WaitReadyAsync(TenantRequest.Server);
        var target = PodDriver.UrlOf(pod, TenantRequest.ServerPort);
        var probe = await Poll.UntilAsync($"{target} to be open", () => scenario[client].Pods.ProbeAsync("client", target), p => p.Result == "open", p => p.Result);
        scenario.Note($"client of tenant \"{client}\"", $"{target} is {probe.Result} and says {probe.Body}");
        probe.Body.Should().Contain(scenario[server].Namespace, "it should be that tenant's server that answers");
    }
}
