using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>The node's credentials in its cloud, which a pod has taken.</summary>
[Binding]
public sealed class CloudCredentialSteps(ScenarioPlatform scenario, CloudCredentialDriver credentials)
{
    [When("the {workload} of tenant {string} takes the node's credentials {form}")]
    public Task WhenTaken(Workload workload, string tenant, MetadataForm form) => credentials.TakeAsync(scenario[tenant], workload, form);

    [Then("the {workload} of tenant {string} can use these credentials at the bucket")]
    public async Task ThenUsed(Workload workload, string tenant)
    {
        var seen = await credentials.UseAsync(scenario[tenant], workload);
        (seen.IsOpen, seen.Body).Should().Be((true, "weights of the platform"), "the bucket takes whoever has the token for the node");
    }

    [Then("the {workload} of tenant {string} cannot use these credentials at the bucket, which says {string}")]
    public async Task ThenRefused(Workload workload, string tenant, string reason)
    {
        var seen = await credentials.UseAsync(scenario[tenant], workload);
        seen.IsOpen.Should().BeTrue("the bucket is reached, and it is the bucket that refuses, but it was: {0}", seen.Meaning);
        seen.Body.Should().Contain(reason, "it should refuse the credentials, but it says: {0}", seen.Body);
    }

    [When("the cloud's administrator revokes these credentials")]
    public Task WhenRevoked() => credentials.RevokeAsync();
}
