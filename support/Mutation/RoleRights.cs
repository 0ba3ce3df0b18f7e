using SecuritySpecs.Rbac;

namespace SecuritySpecs.Mutation;

/// <summary>Two sets of roles and bindings, asked about all that only one of them says.</summary>
internal sealed class RoleRights(List<JsonObject> before, List<JsonObject> after)
{
    // Stands for what nobody names: only a * allows it.
    private const string Other = "other";

    /// <summary>Whether everybody may do the same.</summary>
    public bool AreSame
    {
        get
        {
            var (old, changed) = (Snapshot(before), Snapshot(after));
            var bindings = old.Bindings.Concat(changed.Bindings).ToList();
            var subjects = bindings.SelectMany(b => b.Subjects).Distinct().ToList();
            var spaces = bindings.Select(b => b.Namespace ?? "").Append("").Append(Other).Distinct().ToList();
            var requests = ChangedRules().SelectMany(rule => spaces.SelectMany(space => Requests(rule, space))).Distinct().ToList();
            var (one, two) = (new RbacAnalysis(old), new RbacAnalysis(changed));
            return subjects.All(s => requests.All(r => one.Allows(s.Identity.User, s.Identity.Groups, r) == two.Allows(s.Identity.User, s.Identity.Groups, r)))
                // Roles that the file does not have, such as cluster-admin, say nothing here.
                && bindings.All(b => one.RoleOf(b) is not null || two.RoleOf(b) is not null);
        }
    }

    // Of a role or a binding that changed, all rules: a request that only one side allows is among them.
    private IEnumerable<RbacRule> ChangedRules()
    {
        var texts = before.Select(YamlWriter.Write).ToHashSet();
        texts.SymmetricExceptWith(after.Select(YamlWriter.Write));
        var changed = before.Concat(after).Where(o => texts.Contains(YamlWriter.Write(o))).ToList();
        var roles = changed.Select(o => (o["roleRef"].At("name") ?? o["metadata"].At("name"))!.ToString()).ToHashSet();
        return before.Concat(after).Where(o => o["roleRef"] is null && roles.Contains(o["metadata"]!["name"]!.ToString())).SelectMany(o => RbacSnapshot.Role(o).Rules);
    }

    private static IEnumerable<AccessRequest> Requests(RbacRule rule, string space) => rule.Verbs.Select(Named).SelectMany(verb => (IEnumerable<AccessRequest>)
    [
        .. rule.Urls.Select(url => AccessRequest.ForUrl(verb, url.Replace("*", Other, StringComparison.Ordinal))),
        .. rule.Groups.Select(Named).SelectMany(group => rule.Resources.Select(Named).SelectMany(resource => rule.Names.DefaultIfEmpty("").Append(Other).Select(name =>
            new AccessRequest(verb, group, resource.Split('/')[0], resource.Contains('/') ? resource.Split('/')[1] : "", name, space)))),
    ]);

    private static string Named(string text) => text == "*" ? Other : text;

    private static RbacSnapshot Snapshot(List<JsonObject> objects) => new(
        [.. objects.Where(o => o["roleRef"] is null).Select(RbacSnapshot.Role)], [.. objects.Where(o => o["roleRef"] is not null).Select(RbacSnapshot.Binding)],
        new Dictionary<string, IReadOnlyDictionary<string, string>>());
}
