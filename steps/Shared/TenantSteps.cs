using System.Security.Cryptography;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Who is on the platform, and what they have there.</summary>
[Binding]
public sealed class TenantSteps(ScenarioPlatform scenario)
{
    [Given("tenant {string}")]
    public Task GivenATenant(string name) => scenario.AddTenantAsync(name);

    [When("a new tenant {string} is let in without a quota")]
    public Task WhenANewTenant(string name) => scenario.AddTenantAsync(name);

    [Given("tenants {string} and {string}")]
    public Task GivenTenants(string one, string other) => Task.WhenAll(scenario.AddTenantAsync(one), scenario.AddTenantAsync(other));

    [Given("tenant {string} keeps a secret")]
    public async Task GivenASecret(string name)
    {
        var value = RandomNumberGenerator.GetHexString(24);
        scenario.Platform.Redactor.Add(value);
        scenario.SecretValues[name] = value;
        (await scenario[name].Api.PostAsync($"/api/v1/namespaces/{scenario[name].Namespace}/secrets", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Secret", ["metadata"] = new JsonObject { ["name"] = TenantRequest.Secret },
            ["stringData"] = new JsonObject { ["token"] = value },
        })).OrThrow();
    }

    [Given("tenant {string} has a pod")]
    public async Task GivenAPod(string name) => (await Poll.UntilAsync($"tenant \"{name}\" to have a pod",
        () => scenario[name].Pods.TryAddAsync(TenantRequest.Pod, "workloads/plain-pod.yaml", Placement.Nowhere),
        a => a.Reason != "AlreadyExists", a => a.ToString())).OrThrow("fleet-fixtures/workloads/plain-pod.yaml");
}
