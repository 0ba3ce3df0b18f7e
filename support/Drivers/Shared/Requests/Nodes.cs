namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Nodes, which are the platform's. Writes are dry runs: the nodes are real.</content>
public sealed partial record TenantRequest
{
    private const string NodePhrases = "read a node|register a node|label a node|annotate a node|raise a node's GPU count|delete a node";

    private static IEnumerable<TenantRequest> Nodes =>
    [
        new("read a node", new("get", "nodes"), OfANode((api, node) => api.GetAsync(node)), ClusterScope: true, MustContain: "kubernetes.io/hostname"),
        new("register a node", new("create", "nodes"), RegisterNodeAsync, ClusterScope: true),
        new("label a node", new("patch", "nodes"), OfANode((api, node) => api.PatchAsync(node + "?dryRun=All", Labels("opened"))), ClusterScope: true, MustContain: "opened"),
        new("annotate a node", new("patch", "nodes"), OfANode((api, node) => api.PatchAsync(node + "?dryRun=All", Annotations("opened"))), ClusterScope: true, MustContain: "opened"),
        new("raise a node's GPU count", new("patch", "nodes/status"), OfANode((api, node) => api.PatchAsync(node + "/status?dryRun=All", Gpus("999"))), ClusterScope: true, MustContain: "999"),
        new("delete a node", new("delete", "nodes"), OfANode((api, node) => api.DeleteAsync(node, DryRun)), ClusterScope: true),
    ];

    // RBAC judges before a node is looked up: for somebody who may see none, any name will do.
    private static Func<KubeApi, Tenant, Task<ApiAnswer>> OfANode(Func<KubeApi, string, Task<ApiAnswer>> send) => async (api, _) =>
    {
        var nodes = await api.GetUnrecordedAsync("/api/v1/nodes?limit=1");
        return await send(api, "/api/v1/nodes/" + (nodes.Allowed ? (string)nodes.Items[0]!["metadata"]!["name"]! : "any"));
    };

    private static Task<ApiAnswer> RegisterNodeAsync(KubeApi api, Tenant whose) => api.PostAsync("/api/v1/nodes?dryRun=All", new JsonObject
    {
        ["apiVersion"] = "v1", ["kind"] = "Node", ["metadata"] = new JsonObject { ["name"] = whose.Namespace + "-node" },
    });

    private static JsonObject Annotations(string value) =>
        new() { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["security.specs/drill"] = value } } };

    private static JsonObject Gpus(string count) => new() { ["status"] = new JsonObject { ["capacity"] = new JsonObject { ["nvidia.com/gpu"] = count } } };
}
