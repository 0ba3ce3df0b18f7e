namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Limit ranges, which are the platform's.</content>
public sealed partial record TenantRequest
{
    private const string LimitPhrases = "read the limit range|raise the limit range|delete the limit range";
    private const string LimitPath = "limitranges/gpu-limit-range";

    private static IEnumerable<TenantRequest> OfLimits =>
    [
        new("read the limit range", new("get", "limitranges"), (api, whose) => api.GetAsync(In(whose, LimitPath)), MustContain: "nvidia.com/gpu"),
        new("raise the limit range", new("patch", "limitranges"), (api, whose) => api.PatchAsync(In(whose, LimitPath), new JsonObject
        {
            ["spec"] = new JsonObject { ["limits"] = new JsonArray() },
        })),
        new("delete the limit range", new("delete", "limitranges"), (api, whose) => api.DeleteAsync(In(whose, LimitPath))),
    ];
}
