using SecuritySpecs.Cluster;

namespace SecuritySpecs.Tenants;

/// <summary>Pod Security as it stands on the namespaces of a scenario's tenants.</summary>
public sealed class PodSecurityDriver(ScenarioPlatform scenario)
{
    private const string TenantLabel = "security.specs/tenant";
    private const string Enforce = "pod-security.kubernetes.io/enforce";

    /// <summary>The tenants whose namespace enforces neither level: the label is missing, or says that everything goes.</summary>
    public async Task<IReadOnlyList<string>> WithoutAsync()
    {
        var selector = Uri.EscapeDataString($"{TenantLabel},{RunLabels.Scenario}={scenario.Id}");
        var namespaces = (await scenario.Admin.GetAsync($"/api/v1/namespaces?labelSelector={selector}")).OrThrow().Items;
        if (namespaces.Count == 0)
            throw new InvalidOperationException("No tenant of this scenario has a namespace.");
        return [.. namespaces.Select(n => n!["metadata"]!["labels"]!)
            .Where(l => (string?)l[Enforce] is not ("baseline" or "restricted")).Select(l => (string)l[TenantLabel]!).Order()];
    }
}
