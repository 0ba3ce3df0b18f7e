using SecuritySpecs.Rbac;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>A tenant of the platform: a namespace, a ServiceAccount in it, and requests made with that account's own token.</summary>
/// <param name="Name">As the feature names it.</param>
/// <param name="Namespace">Its namespace in this scenario.</param>
/// <param name="Developer">Who asks where a step says <c>tenant "blue"</c>.</param>
/// <param name="Pods">The tenant's pods, asked for with the tenant's own rights.</param>
public sealed record Tenant(string Name, string Namespace, Identity Developer, PodDriver Pods)
{
    /// <summary>The platform's own label on the namespaces of tenants (controls/tenant.yaml); its value is the tenant's name.</summary>
    public const string Label = RightsOwner.TenantLabel;

    /// <summary>The ServiceAccount that the tenant works with.</summary>
    public const string ServiceAccount = "developer";

    /// <summary>What the platform's label on the namespace says: the tenant's name, also where this is a second namespace that a feature calls otherwise.</summary>
    public string Owner { get; init; } = Name;

    /// <summary>The GPU node that its pods run on; <c>none</c> where the cluster has none, which is enough to be denied.</summary>
    public required string Node { get; init; }

    /// <summary>The run, whose label everything carries that has no namespace.</summary>
    public required string RunId { get; init; }

    /// <summary>The API server as the tenant sees it.</summary>
    public KubeApi Api => Developer.Api;
}
