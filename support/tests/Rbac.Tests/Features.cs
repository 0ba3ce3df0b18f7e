namespace SecuritySpecs.Rbac.Tests;

/// <summary>
/// The parts of RBAC's language. Each with a cluster in which the part means something else: a question is decided by the part
/// if its answer is another one there.
/// </summary>
internal static class Features
{
    private static readonly RbacRule Everything = new(["*"], ["*"], ["*"], [], []);

    public static readonly IReadOnlyDictionary<string, Func<RbacSnapshot, RbacSnapshot>> All = new Dictionary<string, Func<RbacSnapshot, RbacSnapshot>>
    {
        ["verb *"] = s => s.WithRules(r => r with { Verbs = But(r.Verbs, v => v == "*") }),
        ["group *"] = s => s.WithRules(r => r with { Groups = But(r.Groups, g => g == "*") }),
        ["resource *"] = s => s.WithRules(r => r with { Resources = But(r.Resources, t => t == "*") }),
        ["resource */subresource"] = s => s.WithRules(r => r with { Resources = But(r.Resources, t => t.StartsWith("*/", StringComparison.Ordinal)) }),
        ["resource/subresource"] = s => s.WithRules(r => r with { Resources = But(r.Resources, t => t.Contains('/') && t[0] != '*') }),
        ["a resource does not include its subresources"] = s => s.WithRules(r => r with { Resources = [.. r.Resources, .. r.Resources.Where(t => !t.Contains('/')).SelectMany(t => World.Subresources.Select(u => $"{t}/{u}"))] }),
        ["a name that is listed"] = s => s.WithRules(r => r with { Verbs = r.Names.Count > 0 ? [] : r.Verbs }),
        ["a name that is not listed"] = s => s.WithRules(r => r with { Names = r.Names.Count > 0 ? [.. World.Names] : [] }),
        ["no name where names are listed"] = s => s.WithRules(r => r with { Names = r.Names.Count > 0 ? [.. r.Names, ""] : [] }),
        ["a URL in full"] = s => s.WithRules(r => r with { Urls = But(r.Urls, u => !u.EndsWith('*')) }),
        ["a URL with * at its end"] = s => s.WithRules(r => r with { Urls = But(r.Urls, u => u.Length > 1 && u.EndsWith('*')) }),
        ["URL *"] = s => s.WithRules(r => r with { Urls = But(r.Urls, u => u == "*") }),
        ["ClusterRoleBinding"] = s => s with { Bindings = [.. s.Bindings.Where(b => b.Namespace is not null)] },
        ["RoleBinding to a Role"] = s => s with { Bindings = [.. s.Bindings.Where(b => b.Namespace is null || b.ToClusterRole)] },
        ["RoleBinding to a ClusterRole"] = s => s with { Bindings = [.. s.Bindings.Where(b => b.Namespace is null || !b.ToClusterRole)] },
        ["a RoleBinding ends at its namespace"] = s => s.Widened(r => r.Resources.Count > 0),
        ["a RoleBinding gives no URL"] = s => s.Widened(r => r.Urls.Count > 0),
        ["a role that is missing"] = s => s with { Roles = [.. s.Roles, new(null, World.Missing + "role", new Dictionary<string, string>(), [Everything], [])] },
        ["a Role of another namespace is missing"] = s => s with { Roles = [.. s.Roles.Where(r => r.Namespace is not null).SelectMany(r => World.Namespaces.Select(n => r with { Namespace = n })), .. s.Roles] },
        ["aggregated ClusterRole"] = s => s with { Roles = [.. s.Roles.Select(r => r.Name.StartsWith(World.Aggregated, StringComparison.Ordinal) ? r with { Rules = [] } : r)] },
        ["user"] = s => s.WithSubjects(b => b.Subjects.Where(u => u.Kind != SubjectKind.User)),
        ["group"] = s => s.WithSubjects(b => b.Subjects.Where(u => u.Kind != SubjectKind.Group)),
        ["service account"] = s => s.WithSubjects(b => b.Subjects.Where(u => u.Kind != SubjectKind.ServiceAccount)),
        ["service account without namespace"] = s => s.WithSubjects(b => b.Name.StartsWith(World.Bare, StringComparison.Ordinal) ? [] : b.Subjects),
    };

    private static RbacSnapshot WithRules(this RbacSnapshot snapshot, Func<RbacRule, RbacRule> change) =>
        snapshot with { Roles = [.. snapshot.Roles.Select(r => r with { Rules = [.. r.Rules.Select(change)] })] };

    private static RbacSnapshot WithSubjects(this RbacSnapshot snapshot, Func<RbacBinding, IEnumerable<RbacSubject>> subjects) =>
        snapshot with { Bindings = [.. snapshot.Bindings.Select(b => b with { Subjects = [.. subjects(b)] })] };

    // Each RoleBinding to a ClusterRole gives some of its rules in the whole cluster, too.
    private static RbacSnapshot Widened(this RbacSnapshot snapshot, Func<RbacRule, bool> rules) => snapshot with
    {
        Roles = [.. snapshot.Roles, .. snapshot.Roles.Where(r => r.Namespace is null).Select(r => r with { Name = "wide:" + r.Name, Rules = [.. r.Rules.Where(rules)] })],
        Bindings = [.. snapshot.Bindings, .. snapshot.Bindings.Where(b => b.Namespace is not null && b.ToClusterRole).Select(b => b with { Namespace = null, Role = "wide:" + b.Role })],
    };

    private static string[] But(IEnumerable<string> texts, Func<string, bool> not) => [.. texts.Where(t => !not(t))];
}
