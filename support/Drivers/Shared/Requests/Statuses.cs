namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Subresources that only the control plane needs: each takes more than its name says.</content>
public sealed partial record TenantRequest
{
    private const string StatusPhrases = "relabel the namespace by its status|relabel the namespace by finalizing it|raise the quota by its status|report the pods as finished";

    private static IEnumerable<TenantRequest> Statuses =>
    [
        new("relabel the namespace by its status", new("patch", "namespaces/status"), (api, whose) => api.PatchAsync(NamespaceOf(whose) + "/status", Labels("by-status")), MustContain: "by-status"),
        // A dry run: what was written in place of the namespace would lack the labels by which it is cleaned up.
        new("relabel the namespace by finalizing it", new("update", "namespaces/finalize"), (api, whose) => api.PutAsync(NamespaceOf(whose) + "/finalize?dryRun=All", new JsonObject
        {
            ["apiVersion"] = "v1", ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = whose.Namespace, ["labels"] = new JsonObject { ["security.specs/drill"] = "by-finalizing" } },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
        }), MustContain: "by-finalizing"),
        new("raise the quota by its status", new("patch", "resourcequotas/status"), (api, whose) => api.PatchAsync(QuotaDriver.Path(whose) + "/status", new JsonObject
        {
            ["status"] = new JsonObject { ["hard"] = new JsonObject { [QuotaDriver.Counted] = "999" } },
        }), MustContain: "999"),
        new("report the pods as finished", new("patch", "pods/status"), FinishPodsAsync, MustContain: "Succeeded"),
    ];

    // RBAC judges before a pod is looked up: for somebody who may see none, any name will do.
    private static async Task<ApiAnswer> FinishPodsAsync(KubeApi api, Tenant whose)
    {
        var seen = await api.GetUnrecordedAsync(In(whose, "pods"));
        ApiAnswer? answer = null;
        foreach (var name in (seen.Allowed ? seen.Items : []).Select(p => (string)p!["metadata"]!["name"]!).DefaultIfEmpty("any"))
            answer = await api.PatchAsync(In(whose, $"pods/{name}/status"), new JsonObject { ["status"] = new JsonObject { ["phase"] = "Succeeded" } });
        return answer!;
    }
}
