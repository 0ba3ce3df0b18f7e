namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Namespaces, which are the platform's.</content>
public sealed partial record TenantRequest
{
    private const string NamespacePhrases = "label the namespace|annotate the namespace|delete the namespace|create a namespace";

    private static IEnumerable<TenantRequest> Namespaces =>
    [
        new("label the namespace", new("patch", "namespaces"), (api, whose) => api.PatchAsync($"/api/v1/namespaces/{whose.Namespace}", Labels("opened"))),
        new("annotate the namespace", new("patch", "namespaces"), (api, whose) => api.PatchAsync($"/api/v1/namespaces/{whose.Namespace}", Annotations("opened"))),
        new("delete the namespace", new("delete", "namespaces"), (api, whose) => api.DeleteAsync($"/api/v1/namespaces/{whose.Namespace}", DryRun)),
        new("create a namespace", new("create", "namespaces"), CreateNamespaceAsync, ClusterScope: true),
    ];

    private static JsonObject Labels(string value) =>
        new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["security.specs/drill"] = value } } };

    // A dry run passes authorisation and admission like any other request, and leaves nothing to remove.
    private static Task<ApiAnswer> CreateNamespaceAsync(KubeApi api, Tenant whose) => api.PostAsync("/api/v1/namespaces?dryRun=All", new JsonObject
    {
        ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = whose.Namespace + "-more" },
    });
}
