using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Looks over all tenants' namespaces for one that no GPU quota stands in: a quota that is not there refuses nobody.</summary>
public sealed class QuotaAudit(ScenarioPlatform scenario)
{
    /// <summary>The namespaces of this scenario's tenants in which no quota counts every pod's GPUs; sorted.</summary>
    public async Task<IReadOnlyList<string>> WithoutGpuQuotaAsync()
    {
        var namespaces = (await scenario.Tenants.NamespacesAsync()).Select(n => (string)n["metadata"]!["name"]!);
        var quotas = (await scenario.Admin.GetAsync("/api/v1/resourcequotas")).OrThrow().Items;
        var counted = quotas.Where(q => CountsGpus(q!)).Select(q => (string)q!["metadata"]!["namespace"]!).ToHashSet();
        return [.. namespaces.Where(n => !counted.Contains(n)).Order(StringComparer.Ordinal)];
    }

    // Under its one effective name, and for all pods: a quota with scopes passes some by.
    private static bool CountsGpus(JsonNode quota) =>
        quota["spec"]!["hard"]?[QuotaDriver.Counted] is not null && quota["spec"]!["scopes"] is null && quota["spec"]!["scopeSelector"] is null;
}
