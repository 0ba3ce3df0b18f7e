namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>The labels of a namespace that say what its pods may be, which are the platform's.</content>
public sealed partial record TenantRequest
{
    private const string PodSecurityPhrases = "relax Pod Security|take Pod Security away|replace the namespace by one without Pod Security";
    private const string EnforceLabel = "pod-security.kubernetes.io/enforce";

    private static IEnumerable<TenantRequest> PodSecurityLabels =>
    [
        new("relax Pod Security", new("patch", "namespaces"), (api, whose) => api.PatchAsync(NamespaceOf(whose), Enforce("privileged"))),
        new("take Pod Security away", new("patch", "namespaces"), (api, whose) => api.PatchAsync(NamespaceOf(whose), Enforce(null))),
        new("replace the namespace by one without Pod Security", new("update", "namespaces"), ReplaceNamespaceAsync),
    ];

    private static string NamespaceOf(Tenant whose) => $"/api/v1/namespaces/{whose.Namespace}";

    private static JsonObject Enforce(string? level) => new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [EnforceLabel] = level } } };

    // Who may read it writes back all but the label; who may not is refused before anybody looks at what he wrote.
    private static async Task<ApiAnswer> ReplaceNamespaceAsync(KubeApi api, Tenant whose)
    {
        var seen = await api.GetUnrecordedAsync(NamespaceOf(whose));
        var body = seen.Allowed ? seen.Body! : new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = whose.Namespace },
        };
        (body["metadata"]!["labels"] as JsonObject)?.Remove(EnforceLabel);
        return await api.PutAsync(NamespaceOf(whose), body);
    }
}
