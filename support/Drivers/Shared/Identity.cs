namespace SecuritySpecs.Drivers.Shared;

/// <summary>Somebody who asks something of the API server, with a token of his own.</summary>
/// <param name="Who">In the domain's words: <c>tenant "blue"</c>, <c>the auditor of tenant "blue"</c>.</param>
/// <param name="User">The user name that the API server knows him by.</param>
/// <param name="Api">The API server as he sees it.</param>
public sealed record Identity(string Who, string User, KubeApi Api)
{
    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    /// <summary>Asks the API server's own opinion, with the identity's token: the second oracle beside the real request.</summary>
    /// <param name="right">What is asked.</param>
    /// <param name="namespace">Namespace; null for the cluster scope.</param>
    public async Task<bool> MayAsync(Right right, string? @namespace)
    {
        var answer = await Api.ReviewAsync(Review, new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject { [right.IsUrl ? "nonResourceAttributes" : "resourceAttributes"] = right.Attributes(@namespace) },
        }, body => $"may {right}: {(IsAllowed(body) ? "yes" : "no")}");
        return IsAllowed(answer.OrThrow().Body!);
    }

    private static bool IsAllowed(JsonNode review) => (bool)review["status"]!["allowed"]!;
}

/// <summary>A right in RBAC's terms.</summary>
/// <param name="Verb">The verb.</param>
/// <param name="Resource">The resource, with an optional subresource: <c>pods/log</c>; or a path that is no resource: <c>/metrics</c>.</param>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Name">The one object that it is about; null for all.</param>
public sealed record Right(string Verb, string Resource, string Group = "", string? Name = null)
{
    /// <summary>Whether it is about a path that is no resource.</summary>
    public bool IsUrl => Resource.StartsWith('/');

    /// <summary>The <c>resourceAttributes</c> or <c>nonResourceAttributes</c> of an access review.</summary>
    public JsonObject Attributes(string? @namespace)
    {
        if (IsUrl)
            return new() { ["verb"] = Verb, ["path"] = Resource };
        var parts = Resource.Split('/');
        var attributes = new JsonObject { ["verb"] = Verb, ["resource"] = parts[0] };
        if (parts.Length > 1)
            attributes["subresource"] = parts[1];
        if (Group.Length > 0)
            attributes["group"] = Group;
        if (Name is not null)
            attributes["name"] = Name;
        if (@namespace is not null)
            attributes["namespace"] = @namespace;
        return attributes;
    }

    /// <summary>What a refusal for want of this right says (Kubernetes 1.20 to 1.36).</summary>
    public string Refusal(string user, string? @namespace) => IsUrl ? $"User \"{user}\" cannot {Verb} path \"{Resource}\""
        : $"User \"{user}\" cannot {Verb} resource \"{Resource}\" in API group \"{Group}\" "
        + (@namespace is null ? "at the cluster scope" : $"in the namespace \"{@namespace}\"");

    /// <inheritdoc/>
    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : "." + Group)}{(Name is null ? "" : " " + Name)}";
}
