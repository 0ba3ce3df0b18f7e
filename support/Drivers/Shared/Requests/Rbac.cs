namespace SecuritySpecs.Drivers.Shared.Requests;

/// <content>Who may do what in a tenant's namespace. What writes is a dry run: authorised and admitted like any other, kept by nobody.</content>
public sealed partial record TenantRequest
{
    private const string RbacPhrases =
        "list the roles|list the role bindings|give a colleague the developer role|bind cluster-admin|write a role|create a service account"
        + "|mint a token of the developer|act as the developer";

    private const string RbacGroup = "rbac.authorization.k8s.io";
    private const string RbacVersion = RbacGroup + "/v1";

    // What the API server says to somebody who may write roles or bindings, but not this one.
    private const string GrantsTooMuch = "is attempting to grant RBAC permissions not currently held";

    // Whom, by kind and name. Where impersonation is constrained (1.36) the API server asks first for the right to do this as a
    // ServiceAccount, whichever, and names what was to be done (getImpersonatedUser in apiserver/pkg/endpoints/filters/impersonation).
    private static string CannotImpersonate(string verb, string resource) =>
        "serviceaccounts" + Attempt.Gap + $"\"{Tenant.ServiceAccount}\" is forbidden" + Attempt.Gap + "cannot impersonate"
        + Attempt.Or + $"cannot impersonate-on:serviceaccount:{verb} resource \"{resource}\"";

    private static IEnumerable<TenantRequest> Rbac =>
    [
        new("list the roles", new("list", "roles", RbacGroup), (api, whose) => api.GetAsync(RbacIn(whose, "roles")), MustContain: "tenant-developer"),
        new("list the role bindings", new("list", "rolebindings", RbacGroup), (api, whose) => api.GetAsync(RbacIn(whose, "rolebindings")), MustContain: "tenant-developer"),
        new("give a colleague the developer role", new("create", "rolebindings", RbacGroup), (api, whose) => BindAsync(api, whose, "Role", "tenant-developer")),
        new("bind cluster-admin", new("bind", "clusterroles", RbacGroup, "cluster-admin"), (api, whose) => BindAsync(api, whose, "ClusterRole", "cluster-admin"),
            Refusal: GrantsTooMuch, Precondition: new("create", "rolebindings", RbacGroup)),
        new("write a role", new("create", "roles", RbacGroup), WriteRoleAsync),
        new("create a service account", new("create", "serviceaccounts"), (api, whose) => DryRunAsync(api, In(whose, "serviceaccounts"), "v1", "ServiceAccount")),
        new("mint a token of the developer", new("create", "serviceaccounts/token"), (api, whose) => MintAsync(api, whose, Tenant.ServiceAccount)),
        new("act as the developer", new("impersonate", "serviceaccounts", Name: Tenant.ServiceAccount), (api, whose) => api.As(whose.Developer.User).GetAsync(In(whose, "pods")),
            Refusal: CannotImpersonate("list", "pods")),
    ];

    private static string RbacIn(Tenant whose, string path) => $"/apis/{RbacVersion}/namespaces/{whose.Namespace}/{path}";

    private static Task<ApiAnswer> BindAsync(KubeApi api, Tenant whose, string kind, string role) => DryRunAsync(api, RbacIn(whose, "rolebindings"), RbacVersion, "RoleBinding", new()
    {
        ["roleRef"] = new JsonObject { ["apiGroup"] = RbacGroup, ["kind"] = kind, ["name"] = role },
        ["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = "colleague", ["namespace"] = whose.Namespace }),
    });

    private static Task<ApiAnswer> WriteRoleAsync(KubeApi api, Tenant whose) => DryRunAsync(api, RbacIn(whose, "roles"), RbacVersion, "Role",
        new() { ["rules"] = new JsonArray() });

    private static Task<ApiAnswer> MintAsync(KubeApi api, Tenant whose, string account) => api.PostAsync(In(whose, $"serviceaccounts/{account}/token"), new JsonObject
    {
        ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 600 },
    });

    private static Task<ApiAnswer> DryRunAsync(KubeApi api, string collection, string version, string kind, JsonObject? content = null)
    {
        var body = content ?? [];
        body["apiVersion"] = version;
        body["kind"] = kind;
        body["metadata"] = new JsonObject { ["name"] = "dry-run" };
        return api.PostAsync(collection + "?dryRun=All", body);
    }
}
