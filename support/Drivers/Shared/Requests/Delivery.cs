namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Rolling out and calling what a tenant runs. What writes is a dry run.</content>
public sealed partial record TenantRequest
{
    /// <summary>The Service that clients of a tenant call, in workloads/inference-services.yaml.</summary>
    public const string ModelServer = "model-server";

    /// <summary>The Service behind it, which they do not call.</summary>
    public const string VectorStore = "vector-store";

    private const string DeliveryPhrases =
        "create a pod|roll out a deployment|list the deployments|start a job|publish a service|write a configuration"
        + "|call the model server|call the vector store";

    private static IEnumerable<TenantRequest> Delivery =>
    [
        new("create a pod", new("create", "pods"), (api, whose) => DryRunAsync(api, In(whose, "pods"), "v1", "Pod", new() { ["spec"] = ParkedPod() })),
        new("roll out a deployment", new("create", "deployments", "apps"), (api, whose) => DryRunAsync(api, $"/apis/apps/v1/namespaces/{whose.Namespace}/deployments", "apps/v1", "Deployment",
            new() { ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["matchLabels"] = AppLabel() }, ["template"] = Template() } })),
        new("list the deployments", new("list", "deployments", "apps"), (api, whose) => api.GetAsync($"/apis/apps/v1/namespaces/{whose.Namespace}/deployments")),
        new("start a job", new("create", "jobs", "batch"), (api, whose) => DryRunAsync(api, $"/apis/batch/v1/namespaces/{whose.Namespace}/jobs", "batch/v1", "Job",
            new() { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = ParkedPod() } } })),
        new("publish a service", new("create", "services"), (api, whose) => DryRunAsync(api, In(whose, "services"), "v1", "Service",
            new() { ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) } })),
        new("write a configuration", new("create", "configmaps"), (api, whose) => DryRunAsync(api, In(whose, "configmaps"), "v1", "ConfigMap")),
        new("call the model server", new("get", "services/proxy", Name: ModelServer), (api, whose) => api.GetAsync(In(whose, $"services/{ModelServer}/proxy/")), MustContain: Server),
        new("call the vector store", new("get", "services/proxy", Name: VectorStore), (api, whose) => api.GetAsync(In(whose, $"services/{VectorStore}/proxy/")), MustContain: Server),
    ];

    private static JsonObject AppLabel() => new() { ["app"] = "dry-run" };

    private static JsonObject Template() => new() { ["metadata"] = new JsonObject { ["labels"] = AppLabel() }, ["spec"] = ParkedPod("Always") };

    private static JsonObject ParkedPod(string restart = "Never") => new()
    {
        ["restartPolicy"] = restart, ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "parked" }),
    };
}
