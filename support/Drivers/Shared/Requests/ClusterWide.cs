namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>What belongs to no tenant, or to all of them at once.</content>
public sealed partial record TenantRequest
{
    private const string ClusterWidePhrases =
        "list the events|list the quotas|set a limit range|list the network policies|list the secrets of the whole cluster"
        + "|list the role bindings of the whole cluster|read the node through the kubelet|scrape the API server";

    private static IEnumerable<TenantRequest> ClusterWide =>
    [
        new("list the events", new("list", "events"), (api, whose) => api.GetAsync(In(whose, "events"))),
        new("list the quotas", new("list", "resourcequotas"), (api, whose) => api.GetAsync(In(whose, "resourcequotas"))),
        new("set a limit range", new("create", "limitranges"), (api, whose) => DryRunAsync(api, In(whose, "limitranges"), "v1", "LimitRange", new() { ["spec"] = new JsonObject { ["limits"] = new JsonArray() } })),
        new("list the network policies", new("list", "networkpolicies", "networking.k8s.io"), (api, whose) => api.GetAsync($"/apis/networking.k8s.io/v1/namespaces/{whose.Namespace}/networkpolicies")),
        new("list the secrets of the whole cluster", new("list", "secrets"), (api, _) => api.GetAsync("/api/v1/secrets?limit=5"), ClusterScope: true),
        new("list the role bindings of the whole cluster", new("list", "clusterrolebindings", RbacGroup), (api, _) => api.GetAsync($"/apis/{RbacVersion}/clusterrolebindings"), ClusterScope: true,
            MustContain: "cluster-admin"),
        new("read the node through the kubelet", new("get", "nodes/proxy"), (api, whose) => api.GetAsync($"/api/v1/nodes/{whose.Node}/proxy/pods"), ClusterScope: true, MustContain: "PodList"),
        new("scrape the API server", new("get", "/metrics"), (api, _) => api.GetAsync("/metrics"), ClusterScope: true, MustContain: "apiserver_request_total"),
    ];
}
