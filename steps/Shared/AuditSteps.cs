using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Drivers.TenantIsolation;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Looks over the namespaces of all tenants for one that lacks a control.</summary>
[Binding]
public sealed class AuditSteps(ScenarioPlatform scenario, QuotaAudit quotas, NetworkAudit policies, PodSecurityDriver podSecurity, AffinityDriver affinities, ServiceAddressDriver addresses)
{
    private const string Quota = "a GPU quota";
    private const string DefaultDeny = "a default deny";
    private const string Affinity = "a pod with affinity to other namespaces";
    private const string Address = "a Service that claims an address";
    private const string Level = "a level of Pod Security";

    [StepArgumentTransformation("(" + Quota + "|" + DefaultDeny + "|" + Level + ")", Name = "safeguard")]
    public static string ToSafeguard(string words) => words;

    [Then("no tenant's namespace is without {safeguard}")]
    public async Task ThenNoHole(string safeguard) => (await WithoutAsync(safeguard)).Should().BeEmpty("every tenant's namespace should have {0}", safeguard);

    [Then("only the namespace of tenant {string} is without {safeguard}")]
    public async Task ThenOneHole(string tenant, string safeguard) =>
        (await WithoutAsync(safeguard)).Should().Equal([scenario[tenant].Namespace], "the hole should be found by name");

    [StepArgumentTransformation("(" + Affinity + "|" + Address + ")", Name = "excess")]
    public static string ToExcess(string words) => words;

    [Then("no tenant has {excess}")]
    public async Task ThenNobody(string excess) => (await WithAsync(excess)).Should().BeEmpty("no tenant should have {0}", excess);

    [Then("only tenant {string} has {excess}")]
    public async Task ThenOne(string tenant, string excess) => (await WithAsync(excess)).Should().Equal([tenant], "it should be found by name");

    private Task<IReadOnlyList<string>> WithAsync(string excess) => excess switch
    {
        Affinity => affinities.TenantsAsync(),
        _ => addresses.TenantsAsync(),
    };

    private Task<IReadOnlyList<string>> WithoutAsync(string safeguard) => safeguard switch
    {
        Quota => quotas.WithoutGpuQuotaAsync(),
        DefaultDeny => policies.WithoutDefaultDenyAsync(),
        _ => podSecurity.WithoutAsync(),
    };
}
