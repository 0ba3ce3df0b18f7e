using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Network;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Drivers.NetworkBoundaries;

/// <summary>Services that claim addresses.</summary>
public sealed partial class ServiceAddressDriver(ScenarioPlatform scenario, ReachabilityDriver reach) : IDisposable
{
    // Nodes learn of a Service within a second or two.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Every such Service, as a regular expression.</summary>
    public const string Forms = "a Service without an address|a Service with the (?:external|balancer) address \"[^\"]+\"|a change of its Service by the external address \"[^\"]+\"";

    private readonly Prober _prober = new(scenario.Platform.Admin);

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

    /// <summary>Finds out whether calls to the claimed address arrive at a tenant's server. What a network does with such an address differs, so it is no verdict.</summary>
    /// <param name="by">Who calls, in a feature's words.</param>
    /// <param name="tenant">Whose server.</param>
    public async Task MeasureAsync(string by, Tenant tenant)
    {
        var clock = Stopwatch.StartNew();
        var target = new ProbeTarget("the claimed address", $"http://{TenantRequest.ClaimedAddress}:{TenantRequest.ServerPort}/", $"{tenant.Namespace}/{TenantRequest.Server}");
        (ProbeSource, ProbeTarget)[] call = [(await reach.SourceAsync(by), target)];
        try
        {
            await Poll.UntilAsync($"{by} to reach {target.Name}", async () => (await _prober.LookAsync(call, TimeSpan.FromSeconds(1)))[0], o => o.Result == ProbeResult.Open, o => o.Meaning, Patience);
            scenario.Note(by, string.Create(CultureInfo.InvariantCulture, $"called {TenantRequest.ClaimedAddress} and got the answer of the server of tenant \"{tenant.Name}\", {clock.ElapsedMilliseconds} ms after it asked first"));
        }
        catch (WaitedInVainException e)
        {
            scenario.Note(by, $"called {TenantRequest.ClaimedAddress} and did not get the answer of the server of tenant \"{tenant.Name}\": {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _prober.Dispose();

    /// <summary>The tenants of this scenario with a Service that claims an address; sorted.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync() => scenario.Tenants.WithAsync("services", Claims);

    // A status names an address where there is a load balancer, which a tenant has none of, or where somebody wrote it.
    private static bool Claims(JsonNode service) => ServiceChecks.ClaimedAddresses(service).Count > 0 || service["status"]?["loadBalancer"]?["ingress"] is JsonArray { Count: > 0 };

    [GeneratedRegex("^(?<what>a Service with(?:out an address| the (?<kind>external|balancer) address)|a change of its Service by the external address)(?: \"(?<address>[^\"]+)\")?$")]
    private static partial Regex Parts();
}
