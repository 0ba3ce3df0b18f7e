
namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Lists that cross all tenants.</content>
public sealed partial record TenantRequest
{
    private const string AllTenantsPhrases =
        "list all nodes|list all namespaces|list the pods of all tenants|list all persistent volumes|list all priority classes";

    // Each list is narrowed to what the scenario knows, which needs the same right and does not grow with the cluster.
    private static IEnumerable<TenantRequest> AllTenants =>
    [
        new("list all nodes", new("list", "nodes"), (api, _) => api.GetAsync("/api/v1/nodes?limit=1"), ClusterScope: true, MustContain: "kubernetes.io/hostname"),
        new("list all namespaces", new("list", "namespaces"), (api, whose) => api.GetAsync($"/api/v1/namespaces?fieldSelector=metadata.name={whose.Namespace}"),
            ClusterScope: true, MustContain: "security.specs/tenant"),
        new("list the pods of all tenants", new("list", "pods"), (api, whose) => api.GetAsync($"/api/v1/pods?fieldSelector=metadata.namespace={whose.Namespace}"),
            ClusterScope: true, MustContain: "\"name\":\"" + Pod + "\""),
        new("list all persistent volumes", new("list", "persistentvolumes"), (api, _) => api.GetAsync("/api/v1/persistentvolumes?limit=1"), ClusterScope: true),
        new("list all priority classes", new("list", "priorityclasses", "scheduling.k8s.io"), (api, _) => api.GetAsync("/apis/scheduling.k8s.io/v1/priorityclasses"),
            ClusterScope: true, MustContain: "system-node-critical"),
    ];
}
