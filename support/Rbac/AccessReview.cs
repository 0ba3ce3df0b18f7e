namespace SecuritySpecs.Rbac;

/// <summary>SubjectAccessReview: the API server's own answer to what the analysis claims.</summary>
/// <param name="admin">Somebody who may create such reviews.</param>
public sealed class AccessReview(KubeApi admin)
{
    private const string Path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    /// <summary>Whether the API server would let somebody do something.</summary>
    /// <param name="user">User name.</param>
    /// <param name="groups">All groups: the API server adds none to a review.</param>
    /// <param name="request">What is asked.</param>
    /// <returns>The answer, and the reason that the API server gives.</returns>
    /// <exception cref="KubeApiException">The review itself was refused.</exception>
    public async Task<(bool Allowed, string Reason)> AllowsAsync(string user, IEnumerable<string> groups, AccessRequest request)
    {
        var answer = await admin.ReviewAsync(Path, Body(user, groups, request), body => $"may {user} {request}: {(IsAllowed(body) ? "yes" : "no")}");
        var status = answer.OrThrow().Body!["status"]!;
        return (IsAllowed(answer.Body!), (string?)status["reason"] ?? "");
    }

    private static bool IsAllowed(JsonNode review) => (bool)review["status"]!["allowed"]!;

    private static JsonObject Body(string user, IEnumerable<string> groups, AccessRequest request)
    {
        var spec = new JsonObject { ["user"] = user, ["groups"] = new JsonArray([.. groups.Select(g => JsonValue.Create(g))]) };
        if (request.Url is not null)
            spec["nonResourceAttributes"] = new JsonObject { ["verb"] = request.Verb, ["path"] = request.Url };
        else
        {
            spec["resourceAttributes"] = new JsonObject
            {
                ["verb"] = request.Verb, ["group"] = request.Group, ["resource"] = request.Resource, ["subresource"] = request.Subresource,
                ["name"] = request.Name, ["namespace"] = request.Namespace,
            };
        }

        return new() { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = spec };
    }
}
