namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in roles, bindings and accounts.</summary>
internal static class RoleMistakes
{
    private static readonly string[] Roles = ["Role", "ClusterRole"];
    private static readonly string[] Bindings = ["RoleBinding", "ClusterRoleBinding"];

    // What somebody adds who finds a right missing: the first one of these that the rule does not have.
    private static readonly string[] NextVerbs = ["list", "create", "patch", "delete", "deletecollection"];

    // What a resource is easily taken together with.
    private static readonly (string Group, string Having, string Neighbour)[] Neighbours =
    [
        ("", "pods/exec", "pods/proxy"), ("", "pods/log", "pods/exec"), ("", "services/proxy", "pods/proxy"), ("", "nodes/metrics", "nodes/proxy"),
        ("", "pods/ephemeralcontainers", "pods/status"), ("", "nodes", "nodes/proxy"), ("", "configmaps", "endpoints"), ("", "pods", "secrets"), ("", "services", "configmaps"),
        ("", "serviceaccounts", "serviceaccounts/token"), ("apps", "deployments", "daemonsets"), ("batch", "jobs", "cronjobs"),
        ("rbac.authorization.k8s.io", "rolebindings", "roles"), ("rbac.authorization.k8s.io", "roles", "rolebindings"), ("networking.k8s.io", "networkpolicies", "ingresses"),
        ("", "pods/binding", "pods/exec"), ("", "pods/status", "nodes/status"),
    ];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("drop-rule", Roles, "Takes a rule out of a role.", "It looks unused, and a review asks for fewer rights.", o => Rules(o).Select(Change.Drop)),
        new("drop-resource", Roles, "Takes a resource out of a rule that has several.",
            "A subresource is taken for a part of its resource: pods does not include pods/log, and serviceaccounts not serviceaccounts/token.",
            o => Rules(o).Where(r => r["resources"].Items().Count() > 1).SelectMany(r => r["resources"].Items()).Select(Change.Drop)),
        new("add-resource", Roles, "Adds a neighbour of a resource to a rule.",
            "One name more and the tool works. nodes/proxy and pods/proxy look like reads and are ways round every policy; nodes/proxy with get alone runs commands (2026).",
            o => Rules(o).SelectMany(Neighbour)),
        new("add-rule", Roles, "Adds a rule for a resource that the role does not name.",
            "A chart's README asks for it: an ingress for a tenant, ConfigMaps for a reader.", o => Rules(o).Any() ? ExtraRules(o).Select(r => Change.Add(o, "rules", r)) : []),
        new("any-resource", Roles, "Puts * in the place of a rule's resources.", "Quicker than a list, and new kinds need no change of the role.",
            o => Rules(o).Where(r => r["resources"] is JsonArray && !r["resources"].Holds("*")).Select(r => Change.Set(r, "resources", new JsonArray("*")))),
        new("add-verb", Roles, "Adds the next verb to a rule.", "A tool reports \"cannot list\" or \"cannot create\", and the verb is added where it is missed.",
            o => Rules(o).SelectMany(NextVerb)),
        new("drop-verb", Roles, "Takes a verb out of a rule that has several.", "A verb that nobody is seen to use is cut; watch and patch are missed first by controllers.",
            o => Rules(o).Where(r => r["verbs"].Items().Count() > 1).Select(r => Change.Drop(r["verbs"].Items().Last()))),
        new("any-verb", Roles, "Puts * in the place of a rule's verbs.", "\"get, list, watch\" was not enough, and * ends the discussion. It includes escalate, bind and impersonate.",
            o => Rules(o).Where(r => r["verbs"] is JsonArray && !r["verbs"].Holds("*")).Select(r => Change.Set(r, "verbs", new JsonArray("*")))),
        new("drop-names", Roles, "Takes the names out of a rule, which is then about every object.", "Names change from release to release, and create cannot be narrowed by name anyway.",
            o => Rules(o).Select(r => r["resourceNames"]).OfType<JsonNode>().Select(Change.Drop)),
        new("drop-name", Roles, "Takes a name out of a rule that has several.", "A role was renamed, and its old name was cleared away here only.",
            o => Rules(o).Where(r => r["resourceNames"].Items().Count() > 1).SelectMany(r => r["resourceNames"].Items()).Select(Change.Drop)),
        new("add-url", Roles, "Adds URLs that are no resources to a rule.", "Health checks and profiles are wanted, too; /debug/pprof and /logs come with the star.",
            o => Rules(o).Select(r => r["nonResourceURLs"]).OfType<JsonArray>().Where(u => !u.Holds("*")).Select(u => Change.Add(u, "*"))),
        new("drop-url", Roles, "Takes a URL out of a rule.", "It is also readable through another role today.",
            o => Rules(o).Select(r => r["nonResourceURLs"]).OfType<JsonArray>().SelectMany(u => u.Items()).Select(Change.Drop)),
        new("add-subject", Bindings, "Binds the role to every account of the cluster, too.",
            "A pod of another namespace needs it, and nobody finds out under which account that runs.", o => [Change.Add(o, "subjects", Group("system:serviceaccounts"))]),
        new("add-authenticated", Bindings, "Binds the role to everybody who is logged in.",
            "\"authenticated\" sounds like one of us. On GKE it was every Google account (Sys:All, 2024).", o => [Change.Add(o, "subjects", Group("system:authenticated"))]),
        new("widen-subject", Bindings, "Binds the role to all accounts of the subject's namespace in place of one.", "The account will be renamed, and so the binding need not change.",
            o => o["subjects"].Objects().Where(s => (string?)s["kind"] == "ServiceAccount")
                .Select(s => Change.Replace(s, Group($"system:serviceaccounts:{s["namespace"]}")))),
        new("drop-subject", Bindings, "Takes the subject out of a binding.", "Its account seems to be gone.", o => o["subjects"].Objects().Select(Change.Drop)),
        new("strong-role", ["RoleBinding"], "Binds a ready-made ClusterRole in the place of the Role.", "\"edit\" is documented, well known and nearly the same; it also reads every Secret.",
            o => [Change.Set(o, "roleRef", RoleRef("edit"))]),
        new("strongest-role", Bindings, "Binds cluster-admin.", "To see whether it is a matter of rights, and never taken back.",
            o => [Change.Set(o, "roleRef", RoleRef("cluster-admin"))]),
        new("account-automount", ["ServiceAccount"], "Lets every pod of the account have its token.", "The default. One pod needed the token, and the switch is at the account.",
            o => (bool?)o["automountServiceAccountToken"] == false ? [Change.Set(o, "automountServiceAccountToken", true)] : []),
    ];

    private static IEnumerable<JsonObject> Rules(JsonObject role) => role["rules"].Objects();

    private static IEnumerable<Change> NextVerb(JsonObject rule)
    {
        if (rule["verbs"] is not JsonArray verbs || verbs.Holds("*") || rule["nonResourceURLs"] is not null)
            return [];
        var next = verbs.Holds("bind") ? "escalate" : NextVerbs.FirstOrDefault(v => !verbs.Holds(v));
        return next is null ? [] : [Change.Add(verbs, next)];
    }

    private static IEnumerable<Change> Neighbour(JsonObject rule)
    {
        if (rule["resources"] is not JsonArray resources)
            return [];
        return Neighbours.Where(n => rule["apiGroups"].Holds(n.Group) && resources.Holds(n.Having) && !resources.Holds(n.Neighbour)).Take(1)
            .Select(n => Change.Add(resources, n.Neighbour));
    }

    private static IEnumerable<JsonObject> ExtraRules(JsonObject role)
    {
        if (Rules(role).Any(r => r["resources"].Holds("*")))
            yield break;
        yield return Rule("networking.k8s.io", "ingresses", "get", "create");
        if (!Rules(role).Any(r => r["resources"].Holds("configmaps")))
            yield return Rule("", "configmaps", "get", "list");
        yield return Rule("apps", "replicasets", "get", "list");
    }

    private static JsonObject Rule(string group, string resource, params string[] verbs) => new()
    {
        ["apiGroups"] = new JsonArray(group), ["resources"] = new JsonArray(resource), ["verbs"] = new JsonArray([.. verbs.Select(v => JsonValue.Create(v))]),
    };

    private static JsonObject Group(string name) => new() { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Group", ["name"] = name };

    private static JsonObject RoleRef(string name) => new() { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = name };
}
