using SecuritySpecs.Cluster.Canaries;

namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Pools of GPU nodes, which are the platform's to give.</content>
public sealed partial record TenantRequest
{
    private const string PoolPhrases = "choose the pool|bind the pod to a node";

    private static IEnumerable<TenantRequest> Pools =>
    [
        new("choose the pool", new("patch", "namespaces"), (api, whose) => api.PatchAsync($"/api/v1/namespaces/{whose.Namespace}", new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [PoolAdmissionCanary.SelectorAnnotation] = "gpu-pool=h100" } },
        })),
        // A dry run: the pod stays where it is, so that it can be tried again.
        new("bind the pod to a node", new("create", "pods/binding"), (api, whose) => api.PostAsync(In(whose, $"pods/{Pod}/binding?dryRun=All"), new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Binding", ["metadata"] = new JsonObject { ["name"] = Pod },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = "h100-1" },
        })),
    ];
}
