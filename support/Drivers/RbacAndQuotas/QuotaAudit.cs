using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Looks over all tenants' namespaces for one that no GPU quota stands in: a quota that is not there refuses nobody.</summary>
public sealed class QuotaAudit(ScenarioPlatform scenario)
{
    /// <summary>The namespaces of this scenario's tenants in which no quota counts every pod's GPUs; sorted.</summary>
    public async Task<IReadOnlyList<string>> WithoutGpuQuotaAsync()
    {
        var namespaces = (await scenario.Tenants.NamespacesAsync()).Select(n => (string)n["metadata"]!["name"]!);
        var quotas = (await scenario.Admin.GetAsync("/api/v1/resourcequotas")).OrThrow().Items;
        return GpuQuotas.NamespacesWithout(namespaces, quotas.Select(q => q!));
    }
}
