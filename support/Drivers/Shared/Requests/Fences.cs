namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Network policies, which are the platform's (controls/default-deny.yaml).</content>
public sealed partial record TenantRequest
{
    private const string FencePhrases = "write a network policy that lets everybody in|change the default deny|remove the default deny";
    private const string Networking = "networking.k8s.io";

    private static IEnumerable<TenantRequest> Fences =>
    [
        new("write a network policy that lets everybody in", new("create", "networkpolicies", Networking), (api, whose) => api.PostAsync(PoliciesIn(whose), new JsonObject
        {
            ["apiVersion"] = $"{Networking}/v1", ["kind"] = "NetworkPolicy", ["metadata"] = new JsonObject { ["generateName"] = "open-" },
            ["spec"] = new JsonObject { ["podSelector"] = new JsonObject(), ["ingress"] = new JsonArray(new JsonObject()) },
        })),
        new("change the default deny", new("patch", "networkpolicies", Networking), (api, whose) => api.PatchAsync($"{PoliciesIn(whose)}/default-deny", new JsonObject
        {
            ["spec"] = new JsonObject { ["ingress"] = new JsonArray(new JsonObject()) },
        })),
        new("remove the default deny", new("delete", "networkpolicies", Networking), (api, whose) => api.DeleteAsync($"{PoliciesIn(whose)}/default-deny")),
    ];

    private static string PoliciesIn(Tenant whose) => $"/apis/{Networking}/v1/namespaces/{whose.Namespace}/networkpolicies";
}
