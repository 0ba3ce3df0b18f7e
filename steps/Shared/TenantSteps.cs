using System.Security.Cryptography;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Who is on the platform, and what they have there.</summary>
[Binding]
public sealed class TenantSteps(ScenarioPlatform scenario, ScenarioState state)
{
    [Given("tenant {string}")]
    public Task GivenATenant(string name) => scenario.Tenants.AddAsync(name);

    [When("a new tenant {string} is let in without a quota")]
    public Task WhenANewTenant(string name) => scenario.Tenants.AddAsync(name);

    [Given("tenants {string} and {string}")]
    public Task GivenTenants(string one, string other) => Task.WhenAll(scenario.Tenants.AddAsync(one), scenario.Tenants.AddAsync(other));

    [Given("tenant {string} keeps a secret")]
    public async Task GivenASecret(string name)
    {
        var value = RandomNumberGenerator.GetHexString(24);
        scenario.Platform.Redactor.Add(value);
        state.SecretValues[name] = value;
        (await scenario[name].Api.PostAsync($"/api/v1/namespaces/{scenario[name].Namespace}/secrets", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = TenantRequest.Secret },
            ["stringData"] = new JsonObject { ["token"] = value },
        })).OrThrow();
    }

    [Given("tenant {string} has a pod")]
    public async Task GivenAPod(string name) => (await Poll.UntilAsync($"tenant \"{name}\" to have a pod",
        () => scenario[name].Pods.TryAddAsync(TenantRequest.Pod, PodFactory.PlainPod, Placement.Nowhere),
        a => a.Reason != "AlreadyExists", a => a.ToString())).OrThrow($"fleet-fixtures/{PodFactory.PlainPod}");
}
