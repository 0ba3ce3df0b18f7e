using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Services that claim addresses.</summary>
public sealed partial class ServiceAddressDriver(ScenarioPlatform scenario)
{
    /// <summary>Every such Service, as a regular expression.</summary>
    public const string Forms = "a Service without an address|a Service with the (?:external|balancer) address \"[^\"]+\"|a change of its Service by the external address \"[^\"]+\"";

    /// <summary>Has admission judge a Service, or a change of the one that is there; nobody keeps it. Null for another phrase.</summary>
    public static Task<ApiAnswer>? TryAsync(Tenant tenant, string phrase)
    {
        if (Parts().Match(phrase) is not { Success: true } match)
            return null;
        var (collection, address) = ($"/api/v1/namespaces/{tenant.Namespace}/services", match.Groups["address"].Value);
        if (match.Groups["what"].Value.StartsWith("a change", StringComparison.Ordinal))
            return tenant.Api.PatchAsync($"{collection}/{TenantRequest.ClaimingService}?dryRun=All",
                new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["team"] = "ml" } }, ["spec"] = new JsonObject { ["externalIPs"] = new JsonArray([.. new[] { TenantRequest.ClaimedAddress, address }.Distinct()]) } });
        var service = TenantRequest.ServiceOn(80);
        if (match.Groups["kind"].Value == "external")
            service["spec"]!["externalIPs"] = new JsonArray(address);
        else if (match.Groups["kind"].Success)
            (service["spec"]!["type"], service["spec"]!["loadBalancerIP"]) = ("LoadBalancer", address);
        return tenant.Api.PostAsync($"{collection}?dryRun=All", service);
    }

    /// <summary>The tenants of this scenario with a Service that claims an address; sorted.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync() => scenario.Tenants.WithAsync("services", Claims);

    // A status names an address where there is a load balancer, which a tenant has none of, or where somebody wrote it.
    private static bool Claims(JsonNode service) => ServiceChecks.ClaimedAddresses(service).Count > 0 || service["status"]?["loadBalancer"]?["ingress"] is JsonArray { Count: > 0 };

    [GeneratedRegex("^(?<what>a Service with(?:out an address| the (?<kind>external|balancer) address)|a change of its Service by the external address)(?: \"(?<address>[^\"]+)\")?$")]
    private static partial Regex Parts();
}
