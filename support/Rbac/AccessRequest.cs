namespace SecuritySpecs.Rbac;

/// <summary>What the API server asks its authorisers about one request: about a resource, or about a URL that is none.</summary>
/// <param name="Verb">RBAC verb: <c>get</c>, <c>create</c>, <c>impersonate</c>.</param>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Resource">Resource without its subresource; empty where <paramref name="Url"/> is asked about.</param>
/// <param name="Subresource">Subresource; empty for none.</param>
/// <param name="Name">Name of the object; empty where the request names none, as <c>list</c> and <c>create</c> of a whole object.</param>
/// <param name="Namespace">Namespace; empty for the cluster scope.</param>
/// <param name="Url">Path of a non-resource request; null for a resource request.</param>
public sealed record AccessRequest(
    string Verb, string Group, string Resource, string Subresource = "", string Name = "", string Namespace = "", string? Url = null)
{
    /// <summary>A request for a URL that is no resource: it has no namespace.</summary>
    public static AccessRequest ForUrl(string verb, string url) => new(verb, "", "", Url: url);

    /// <summary>As rules write it: <c>pods</c>, <c>pods/exec</c>.</summary>
    public string Combined => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <inheritdoc/>
    public override string ToString() => Url is not null ? $"{Verb} {Url}"
        : $"{Verb} {(Group.Length == 0 ? "" : Group + "/")}{Combined}{(Name.Length == 0 ? "" : $" named \"{Name}\"")}"
        + (Namespace.Length == 0 ? " at the cluster scope" : $" in {Namespace}");
}
