namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>What may hold the key of a tenant's model server.</content>
public sealed partial record TenantRequest
{
    /// <summary>The Secret with the keys that open a model server, each under its id.</summary>
    public const string ModelKeysSecret = "model-server-keys";

    private const string ModelPhrases = "read the keys of the model server|read the pod of the model server|read the log of the model server";

    private static IEnumerable<TenantRequest> Models =>
    [
        new("read the keys of the model server", new("get", "secrets", Name: ModelKeysSecret), (api, whose) => api.GetAsync(In(whose, $"secrets/{ModelKeysSecret}")), MustContain: "\"data\""),
        new("read the pod of the model server", new("get", "pods", Name: ModelServer), (api, whose) => api.GetAsync(In(whose, $"pods/{ModelServer}")), MustContain: "\"containers\""),
        new("read the log of the model server", new("get", "pods/log", Name: ModelServer), (api, whose) => api.GetAsync(In(whose, $"pods/{ModelServer}/log")), MustContain: "answering on port"),
    ];
}
