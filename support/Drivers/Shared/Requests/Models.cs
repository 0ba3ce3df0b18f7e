using SecuritySpecs.Drivers.NetworkBoundaries.Models;

namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>What may hold the key of a tenant's model server.</content>
public sealed partial record TenantRequest
{
    private const string ModelPhrases = "read the keys of the model server|read the pod of the model server|read the log of the model server";

    private static IEnumerable<TenantRequest> Models =>
    [
        new("read the keys of the model server", new("get", "secrets", Name: ModelKeys.ServerSecret), (api, whose) => api.GetAsync(In(whose, $"secrets/{ModelKeys.ServerSecret}")), Shows: "\"data\""),
        new("read the pod of the model server", new("get", "pods", Name: ModelServer), (api, whose) => api.GetAsync(In(whose, $"pods/{ModelServer}")), Shows: "\"containers\""),
        new("read the log of the model server", new("get", "pods/log", Name: ModelServer), (api, whose) => api.GetAsync(In(whose, $"pods/{ModelServer}/log")), Shows: "answering on port"),
    ];
}
