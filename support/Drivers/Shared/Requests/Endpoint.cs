namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Ways round the network policy of a model server, and ways to open it. What writes is real: the next packet tells.</content>
public sealed partial record TenantRequest
{
    /// <summary>The port that a model server listens on.</summary>
    public const int ModelPort = 8000;

    private const string EndpointPhrases =
        "use pods/proxy to reach the model server|use services/proxy to reach the model server|use port-forward to reach the model server|use exec to reach the model server"
        + "|delete the policy of the model server|open the policy of the model server|add a policy that opens the model server"
        + "|label the namespace as one that serves the models of blue|write endpoints|write endpoint slices";

    private const string PolicyGroup = "networking.k8s.io";
    private const string ModelPod = "pods/" + ModelServer;

    private static IEnumerable<TenantRequest> Endpoint =>
    [
        new("use pods/proxy to reach the model server", new("get", "pods/proxy"), (api, whose) => api.GetAsync(In(whose, $"{ModelPod}:{ModelPort}/proxy/metrics")), MustContain: ModelMetric),
        new("use services/proxy to reach the model server", new("get", "services/proxy", Name: ModelServer), (api, whose) => api.GetAsync(In(whose, $"services/{ModelServer}/proxy/metrics")), MustContain: ModelMetric),
        new("use port-forward to reach the model server", new("create", "pods/portforward"), (api, whose) => ForwardToAsync(api, whose, ModelServer, ModelPort)),
        new("use exec to reach the model server", new("create", "pods/exec"), ExecInModelAsync),
        new("delete the policy of the model server", new("delete", "networkpolicies", PolicyGroup), (api, whose) => api.DeleteAsync(PoliciesIn(whose, ModelPolicy))),
        new("open the policy of the model server", new("patch", "networkpolicies", PolicyGroup),
            (api, whose) => api.PatchAsync(PoliciesIn(whose, ModelPolicy), new JsonObject { ["spec"] = OpenToAll() })),
        new("add a policy that opens the model server", new("create", "networkpolicies", PolicyGroup), (api, whose) => api.PostAsync(PoliciesIn(whose, ""), OpenPolicy())),
        new("label the namespace as one that serves the models of blue", new("patch", "namespaces"), (api, whose) => api.PatchAsync($"/api/v1/namespaces/{whose.Namespace}",
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["security.specs/tenant"] = "blue", ["security.specs/serves"] = "models" } } })),
        new("write endpoints", new("create", "endpoints"), WriteEndpointsAsync, MustContain: StrayAddress),
        new("write endpoint slices", new("create", "endpointslices", SliceGroup), WriteSlicesAsync, MustContain: StrayAddress),
    ];

    // Of nobody (TEST-NET-1); what the API server keeps of the request must hold it.
    private const string StrayAddress = "192.0.2.10";
    private const string SliceGroup = "discovery.k8s.io";

    // What only the model server itself says.
    private const string ModelMetric = "model_server";
    private const string ModelPolicy = "inference-endpoint";

    private static string PoliciesIn(Tenant whose, string name) => $"/apis/{PolicyGroup}/v1/namespaces/{whose.Namespace}/networkpolicies/{name}".TrimEnd('/');

    private static JsonObject OpenToAll() => new() { ["ingress"] = new JsonArray(new JsonObject()) };

    private static JsonObject OpenPolicy()
    {
        var spec = OpenToAll();
        spec["podSelector"] = new JsonObject();
        return new() { ["apiVersion"] = PolicyGroup + "/v1", ["kind"] = "NetworkPolicy", ["metadata"] = new JsonObject { ["name"] = "open" }, ["spec"] = spec };
    }

    private static Task<ApiAnswer> WriteEndpointsAsync(KubeApi api, Tenant whose) => WriteAsync(api, In(whose, "endpoints"), "v1", "Endpoints", new()
    {
        ["subsets"] = new JsonArray(new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = StrayAddress }), ["ports"] = new JsonArray(new JsonObject { ["port"] = ModelPort }),
        }),
    });

    // v1 from Kubernetes 1.21.
    private static async Task<ApiAnswer> WriteSlicesAsync(KubeApi api, Tenant whose)
    {
        var version = (string)(await api.GetUnrecordedAsync($"/apis/{SliceGroup}")).OrThrow().Body!["preferredVersion"]!["groupVersion"]!;
        return await WriteAsync(api, $"/apis/{version}/namespaces/{whose.Namespace}/endpointslices", version, "EndpointSlice", new()
        {
            ["addressType"] = "IPv4", ["endpoints"] = new JsonArray(new JsonObject { ["addresses"] = new JsonArray(StrayAddress) }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "", ["port"] = ModelPort, ["protocol"] = "TCP" }),
        });
    }

    // Each time another one: who may write may do so again.
    private static Task<ApiAnswer> WriteAsync(KubeApi api, string collection, string version, string kind, JsonObject content)
    {
        content["apiVersion"] = version;
        content["kind"] = kind;
        content["metadata"] = new JsonObject { ["generateName"] = "stray-" };
        return api.PostAsync(collection, content);
    }

    // Any answer in HTTP is the pod's own: the port was reached.
    private static Task<ApiAnswer> ForwardToAsync(KubeApi api, Tenant whose, string pod, int port, string status = "") => StreamAsync(api, In(whose, $"pods/{pod}/portforward?ports={port}"), async () =>
    {
        var answer = await api.PortForwardGetAsync(whose.Namespace, pod, port);
        return (answer.Split('\r')[0], answer.StartsWith("HTTP/1.1 " + status, StringComparison.Ordinal));
    });

    private static Task<ApiAnswer> ExecInModelAsync(KubeApi api, Tenant whose) => StreamAsync(api, In(whose, $"{ModelPod}/exec?command=id&container=main&stdout=1"), async () =>
    {
        var outcome = await api.ExecAsync(whose.Namespace, ModelServer, "main", "fleet", "probe", $"http://127.0.0.1:{ModelPort}/metrics");
        return (outcome.Stdout.Trim(), outcome.Stdout.Contains("\"open\"", StringComparison.Ordinal));
    });
}
