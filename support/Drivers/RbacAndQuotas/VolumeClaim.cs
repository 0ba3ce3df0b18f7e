using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>Claims of volumes, by their size.</summary>
public static class VolumeClaim
{
    /// <summary>Has admission judge a claim, which nobody keeps.</summary>
    public static Task<ApiAnswer> TryAsync(Tenant tenant, string size)
    {
        var kind = CountedObject.Of("PersistentVolumeClaims");
        var claim = kind.Body();
        claim["metadata"] = new JsonObject { ["name"] = "claim" };
        claim["spec"]!["resources"]!["requests"]!["storage"] = size;
        return tenant.Api.PostAsync($"{kind.PathIn(tenant)}?dryRun=All", claim);
    }
}
