
namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Quotas, which are the platform's.</content>
public sealed partial record TenantRequest
{
    private const string QuotaPhrases = "read the quota|raise the quota|replace the quota|delete the quota";

    private static IEnumerable<TenantRequest> Quotas =>
    [
        new("read the quota", new("get", "resourcequotas"), (api, whose) => api.GetAsync(QuotaDriver.Path(whose))),
        new("raise the quota", new("patch", "resourcequotas"), (api, whose) => api.PatchAsync(QuotaDriver.Path(whose), QuotaDriver.Hard(1000))),
        new("replace the quota", new("update", "resourcequotas"), (api, whose) => api.PutAsync(QuotaDriver.Path(whose), QuotaDriver.Replacement(1000))),
        new("delete the quota", new("delete", "resourcequotas"), (api, whose) => api.DeleteAsync(QuotaDriver.Path(whose))),
    ];
}
