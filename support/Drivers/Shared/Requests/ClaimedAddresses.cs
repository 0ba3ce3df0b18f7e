namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Services that claim an address.</content>
public sealed partial record TenantRequest
{
    /// <summary>The Service that claims one.</summary>
    public const string ClaimingService = "claiming";

    /// <summary>The address: of a network for documentation, which nobody has.</summary>
    public const string ClaimedAddress = "192.0.2.1";

    private const string AddressPhrases = "offer a service that claims the address of another|take the service that claims an address away";

    private static IEnumerable<TenantRequest> ClaimedAddresses =>
    [
        new("offer a service that claims the address of another", new("create", "services"), OfferClaimingAsync, MustContain: ClaimedAddress),
        new("take the service that claims an address away", new("delete", "services"), (api, whose) => api.DeleteAsync(In(whose, "services/" + ClaimingService))),
    ];

    /// <summary>A Service on a port of its tenant's server.</summary>
    public static JsonObject ServiceOn(int port) => new()
    {
        ["apiVersion"] = "v1", ["kind"] = "Service", ["metadata"] = new JsonObject { ["name"] = "addressed" },
        ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["app.kubernetes.io/name"] = Server }, ["ports"] = new JsonArray(new JsonObject { ["port"] = port }) },
    };

    private static Task<ApiAnswer> OfferClaimingAsync(KubeApi api, Tenant whose)
    {
        var service = ServiceOn(ServerPort);
        service["metadata"]!["name"] = ClaimingService;
        service["spec"]!["externalIPs"] = new JsonArray(ClaimedAddress);
        return api.PostAsync(In(whose, "services"), service);
    }
}
