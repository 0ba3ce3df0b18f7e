namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Tokens that the control plane writes into Secrets of the type <c>kubernetes.io/service-account-token</c>. They never expire.</content>
public sealed partial record TenantRequest
{
    private const string StoredTokenPhrases = "store a token of the operator|remove the stored token";
    private const string StoredToken = "secrets/stored-token";
    private static readonly TimeSpan Filled = TimeSpan.FromSeconds(10);

    private static IEnumerable<TenantRequest> StoredTokens =>
    [
        new("store a token of the operator", new("create", "secrets"), StoreTokenAsync, MustContain: "eyJ"),
        new("remove the stored token", new("delete", "secrets"), (api, whose) => api.DeleteAsync(In(whose, StoredToken))),
    ];

    /// <summary>A Secret that the control plane fills with a token.</summary>
    /// <param name="account">Whose token.</param>
    public static JsonObject TokenSecret(string account) => new()
    {
        ["apiVersion"] = "v1", ["kind"] = "Secret", ["type"] = "kubernetes.io/service-account-token",
        ["metadata"] = new JsonObject { ["name"] = StoredToken.Split('/')[1], ["annotations"] = new JsonObject { ["kubernetes.io/service-account.name"] = account } },
    };

    private static async Task<ApiAnswer> StoreTokenAsync(KubeApi api, Tenant whose)
    {
        var stored = await api.PostAsync(In(whose, "secrets"), TokenSecret(OperatorName));
        if (!stored.Allowed)
            return stored;
        var filled = await Poll.UntilAsync("the control plane to fill the Secret with a token", () => api.GetUnrecordedAsync(In(whose, StoredToken)),
            a => a.OrThrow().Body!["data"]?["token"] is not null, _ => "a Secret without a token", Filled);
        return stored with { Body = JsonValue.Create(Encoding.UTF8.GetString(Convert.FromBase64String((string)filled.Body!["data"]!["token"]!))) };
    }
}
