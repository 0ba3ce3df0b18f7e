using System.Text.Json.Nodes;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>A tenant of the platform: a namespace, a ServiceAccount in it, and requests made with that account's own token.</summary>
/// <param name="Name">As the feature names it.</param>
/// <param name="Namespace">Its namespace in this scenario.</param>
/// <param name="Api">The API server as the tenant sees it.</param>
/// <param name="Pods">The tenant's pods, asked for with the tenant's own rights.</param>
public sealed record Tenant(string Name, string Namespace, KubeApi Api, PodDriver Pods) : IDisposable
{
    /// <summary>The ServiceAccount that the tenant works with.</summary>
    public const string ServiceAccount = "developer";

    /// <summary>The user name that the API server knows the tenant by.</summary>
    public string User => $"system:serviceaccount:{Namespace}:{ServiceAccount}";

    /// <summary>
    /// Asks the API server's own opinion, with the tenant's token: the second oracle beside the real request.
    /// </summary>
    /// <param name="verb">RBAC verb.</param>
    /// <param name="resource">Resource, with an optional subresource: <c>pods/log</c>.</param>
    /// <param name="namespace">Namespace; null for the cluster scope.</param>
    public async Task<bool> MayAsync(string verb, string resource, string? @namespace)
    {
        var parts = resource.Split('/');
        var attributes = new JsonObject { ["verb"] = verb, ["resource"] = parts[0] };
        if (parts.Length > 1)
            attributes["subresource"] = parts[1];
        if (@namespace is not null)
            attributes["namespace"] = @namespace;
        var answer = await Api.ReviewAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SelfSubjectAccessReview", ["spec"] = new JsonObject { ["resourceAttributes"] = attributes },
        }, body => $"may {verb} {resource}: {(IsAllowed(body) ? "yes" : "no")}");
        return IsAllowed(answer.OrThrow().Body!);
    }

    private static bool IsAllowed(JsonNode review) => (bool)review["status"]!["allowed"]!;

    /// <inheritdoc/>
    public void Dispose() => Api.Dispose();
}
