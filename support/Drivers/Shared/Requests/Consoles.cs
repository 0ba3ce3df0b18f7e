namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Ways to a tenant's consoles that lead through the API server, past every network policy.</content>
public sealed partial record TenantRequest
{
    /// <summary>The port of Ray's dashboard.</summary>
    public const int RayPort = 8265;

    private const string ConsolePhrases = "use pods/proxy to reach the console|use services/proxy to reach the console|use port-forward to reach the console";

    private const string Console = "console";
    private const string RayVersion = "proxy/api/version";

    // Ray's answer stands for all: what decides is the console's pod, not the port.
    private static IEnumerable<TenantRequest> Consoles =>
    [
        new("use pods/proxy to reach the console", new("get", "pods/proxy"), (api, whose) => api.GetAsync(In(whose, $"pods/{Console}:{RayPort}/{RayVersion}")), MustContain: "ray_version"),
        new("use services/proxy to reach the console", new("get", "services/proxy"), (api, whose) => api.GetAsync(In(whose, $"services/{Console}:{RayPort}/{RayVersion}")), MustContain: "ray_version"),
        new("use port-forward to reach the console", new("create", "pods/portforward"), (api, whose) => ForwardToAsync(api, whose, Console, RayPort)),
    ];
}
