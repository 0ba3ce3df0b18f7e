namespace SecuritySpecs.Tenants;

/// <content>Lists that cross all tenants.</content>
public sealed partial record TenantRequest
{
    private const string ClusterWidePhrases =
        "list the nodes|list the namespaces|list the pods of every tenant|list the persistent volumes|list the priority classes";

    // Each list is narrowed to what the scenario knows, which needs the same right and does not grow with the cluster.
    private static IEnumerable<TenantRequest> ClusterWide =>
    [
        new("list the nodes", new("list", "nodes"), (api, _) => api.GetAsync("/api/v1/nodes?limit=1"), ClusterScope: true, Shows: "nodeInfo"),
        new("list the namespaces", new("list", "namespaces"), (api, whose) => api.GetAsync($"/api/v1/namespaces?fieldSelector=metadata.name={whose.Namespace}"),
            ClusterScope: true, Shows: "security.specs/tenant"),
        new("list the pods of every tenant", new("list", "pods"), (api, whose) => api.GetAsync($"/api/v1/pods?fieldSelector=metadata.namespace={whose.Namespace}"),
            ClusterScope: true, Shows: "\"name\":\"" + Pod + "\""),
        new("list the persistent volumes", new("list", "persistentvolumes"), (api, _) => api.GetAsync("/api/v1/persistentvolumes?limit=1"), ClusterScope: true),
        new("list the priority classes", new("list", "priorityclasses", "scheduling.k8s.io"), (api, _) => api.GetAsync("/apis/scheduling.k8s.io/v1/priorityclasses"),
            ClusterScope: true, Shows: "system-node-critical"),
    ];
}
