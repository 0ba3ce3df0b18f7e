namespace SecuritySpecs.Drivers.Shared;

/// <summary>A pod that a tenant asked for, and what the API server said.</summary>
public sealed record SubmittedPod(Tenant Tenant, string Name, ApiAnswer Answer)
{
    /// <summary>Where it is on the API server.</summary>
    public string Path => $"{Tenant.Pods.Collection}/{Name}";
}
