using FsCheck;
using FsCheck.Fluent;

namespace SecuritySpecs.Rbac.Tests;

/// <summary>Somebody, and what he would do.</summary>
internal sealed record Question(string User, IReadOnlyList<string> Groups, AccessRequest Request)
{
    /// <summary>
    /// Questions about a snapshot: most are read off a binding and a rule of its role, and then, some of them, changed in one
    /// place, so that they lie at the edge of what is allowed.
    /// </summary>
    /// <param name="snapshot">The cluster.</param>
    /// <param name="bindings">The bindings to ask about.</param>
    public static Gen<Question> About(RbacSnapshot snapshot, IReadOnlyList<RbacBinding> bindings)
    {
        var analysis = new RbacAnalysis(snapshot);
        var atTheEdge =
            from binding in Gen.Elements<RbacBinding>(bindings)
            from subject in Gen.Elements<RbacSubject>(binding.Subjects)
            // Where the role is missing, one of its name in another namespace is the temptation.
            let role = analysis.RoleOf(binding) ?? snapshot.Roles.FirstOrDefault(r => r.Name == binding.Role)
            from request in role?.Rules.Count > 0 ? Gen.Elements<RbacRule>(role.Rules).SelectMany(r => By(r, binding.Namespace)) : Any(binding.Namespace)
            let identity = subject.Identity
            from question in Gen.Frequency((1, Gen.Constant(new Question(identity.User, identity.Groups, request))), (3, Changed(new(identity.User, identity.Groups, request))))
            select question;
        var anything =
            from user in Gen.Elements(World.Users)
            from groups in Gen.SubListOf(World.Groups)
            from request in Gen.Elements(World.Namespaces).SelectMany(Any)
            select new Question(user, [.. groups], request);
        var masters = anything.Select(q => q with { Groups = [.. q.Groups, RbacSubject.Masters] });
        return Gen.Frequency((90, atTheEdge), (9, anything), (1, masters));
    }

    /// <summary>The same with less of it.</summary>
    public IEnumerable<Question> Smaller()
    {
        foreach (var group in Groups)
            yield return this with { Groups = [.. Groups.Except([group])] };
        if (Request.Name.Length > 0)
            yield return this with { Request = Request with { Name = "" } };
        if (Request.Subresource.Length > 0)
            yield return this with { Request = Request with { Subresource = "" } };
        if (Request.Namespace.Length > 0)
            yield return this with { Request = Request with { Namespace = "" } };
    }

    public override string ToString() => $"may {User}{(Groups.Count == 0 ? "" : $" of {string.Join(", ", Groups)}")} {Request}";

    private static Gen<AccessRequest> By(RbacRule rule, string? space) =>
        from verb in OneOf(rule.Verbs, World.Verbs)
        from request in rule.Urls.Count > 0 ? OneOf(rule.Urls, World.Urls).SelectMany(Filled).Select(u => AccessRequest.ForUrl(verb, u)) : About(rule, verb, space)
        select request;

    private static Gen<AccessRequest> About(RbacRule rule, string verb, string? space) =>
        from apiGroup in OneOf(rule.Groups, World.ApiGroups)
        from resource in OneOf(rule.Resources, World.Resources)
        from plain in resource.StartsWith('*') ? Gen.Elements(World.Resources).Select(r => r + resource[1..]) : Gen.Constant(resource)
        from name in rule.Names.Count > 0 ? Gen.Elements<string>(rule.Names) : Gen.Elements(World.Names.Append(""))
        from place in space is null ? Gen.Elements(World.Namespaces.Append("")) : Gen.Constant(space)
        let parts = plain.Split('/')
        select new AccessRequest(verb, apiGroup, parts[0], parts.ElementAtOrDefault(1) ?? "", name, place);

    private static Gen<Question> Changed(Question question) => Gen.OneOf(
        Gen.Elements(World.Verbs).Select(v => question with { Request = question.Request with { Verb = v } }),
        Gen.Elements(World.ApiGroups).Select(g => question.OnResource(r => r with { Group = g })),
        Gen.Elements(World.Resources).Select(p => question.OnResource(r => r with { Resource = p })),
        Gen.Elements(World.Subresources.Append("")).Select(s => question.OnResource(r => r with { Subresource = s })),
        Gen.Elements(World.Names).Select(n => question.OnResource(r => r with { Name = n })),
        Gen.Constant(question.OnResource(r => r with { Name = "" })),
        Gen.Elements(World.Namespaces.Append("")).Select(n => question.OnResource(r => r with { Namespace = n })),
        Gen.Elements(World.Urls).Select(u => question.Request.Url is null ? question : question with { Request = question.Request with { Url = u } }),
        Gen.Elements(World.Users).Select(u => question with { User = u }),
        Gen.Constant(question with { Groups = [] }));

    private static Gen<AccessRequest> Any(string? space) =>
        from verb in Gen.Elements(World.Verbs)
        from apiGroup in Gen.Elements(World.ApiGroups)
        from resource in Gen.Elements(World.Resources)
        from subresource in Gen.Elements(World.Subresources.Append(""))
        from name in Gen.Elements(World.Names.Append(""))
        select new AccessRequest(verb, apiGroup, resource, subresource, name, space ?? "");

    private Question OnResource(Func<AccessRequest, AccessRequest> change) => Request.Url is null ? this with { Request = change(Request) } : this;

    // What a * at the end stands for: something, or nothing.
    private static Gen<string> Filled(string url) => url.EndsWith('*')
        ? Gen.Elements("", "x", "/x/y").Select(rest => url.TrimEnd('*') + rest is { Length: > 0 } filled ? filled : "/")
        : Gen.Constant(url);

    private static Gen<string> OneOf(IReadOnlyList<string> own, string[] all) => Gen.Elements<string>(own).SelectMany(t => t == "*" ? Gen.Elements(all) : Gen.Constant(t));
}
