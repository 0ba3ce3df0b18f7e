namespace SecuritySpecs.Rbac;

/// <summary>A rule of a role: everything that it allows, it allows in each combination.</summary>
/// <param name="Verbs">Verbs; <c>*</c> is all.</param>
/// <param name="Groups">API groups; <c>*</c> is all.</param>
/// <param name="Resources">Resources; <c>*</c> is all with all subresources, <c>*/scale</c> one subresource of all.</param>
/// <param name="Names">The only objects that it is about; empty for all.</param>
/// <param name="Urls">URLs that are no resources; a <c>*</c> at the end stands for any rest.</param>
public sealed record RbacRule(
    IReadOnlyList<string> Verbs, IReadOnlyList<string> Groups, IReadOnlyList<string> Resources, IReadOnlyList<string> Names, IReadOnlyList<string> Urls)
{
    private const string All = "*";

    /// <summary>
    /// Whether the rule allows a request: to the letter what the API server's RBAC authoriser does (Kubernetes 1.20 to 1.36).
    /// It compares texts and knows no resource, so a request that names no object is allowed by no rule that names some.
    /// </summary>
    public bool Allows(AccessRequest request) => Has(Verbs, request.Verb) && (request.Url is { } url
        ? AllowsUrl(url)
        : Has(Groups, request.Group) && AllowsResource(request.Resource, request.Subresource) && (Names.Count == 0 || Names.Contains(request.Name)));

    /// <summary>Whether the rule is about a resource, whichever object is named.</summary>
    internal bool IsAbout(string verb, string group, string resource, string subresource) =>
        Has(Verbs, verb) && Has(Groups, group) && AllowsResource(resource, subresource);

    private bool AllowsResource(string resource, string subresource)
    {
        foreach (var own in Resources)
        {
            if (own == All || Is(own, resource, subresource) || (subresource.Length > 0 && Is(own, All, subresource)))
                return true;
        }

        return false;
    }

    private bool AllowsUrl(string url) => Urls.Any(own =>
        own == All || own == url || (own.EndsWith('*') && url.StartsWith(own.TrimEnd('*'), StringComparison.Ordinal)));

    // own == resource[/subresource], without making a text of it: analyses ask this millions of times.
    private static bool Is(string own, string resource, string subresource) => subresource.Length == 0
        ? own == resource
        : own.Length == resource.Length + 1 + subresource.Length && own[resource.Length] == '/'
            && own.StartsWith(resource, StringComparison.Ordinal) && own.EndsWith(subresource, StringComparison.Ordinal);

    private static bool Has(IReadOnlyList<string> own, string asked)
    {
        foreach (var text in own)
        {
            if (text == All || text == asked)
                return true;
        }

        return false;
    }
}
