namespace SecuritySpecs.Rbac;

/// <summary>A Role, or with a null namespace a ClusterRole.</summary>
/// <param name="Namespace">The namespace of a Role; null for a ClusterRole.</param>
/// <param name="Name">Name.</param>
/// <param name="Labels">Labels.</param>
/// <param name="Rules">Its rules; those of an aggregated ClusterRole are as the controller filled them in.</param>
/// <param name="Aggregates">Which ClusterRoles an aggregated one takes its rules from: those that any of these selects.</param>
public sealed record RbacRole(
    string? Namespace, string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyList<RbacRule> Rules, IReadOnlyList<LabelSelector> Aggregates)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? $"ClusterRole {Name}" : $"Role {Name}";
}

/// <summary>A RoleBinding, or with a null namespace a ClusterRoleBinding.</summary>
/// <param name="Namespace">Where the role's rights hold; null for the whole cluster.</param>
/// <param name="Name">Name.</param>
/// <param name="Labels">Labels.</param>
/// <param name="ToClusterRole">Whether it refers to a ClusterRole, or to a Role of its own namespace.</param>
/// <param name="Role">The name of the role, which need not exist.</param>
/// <param name="Subjects">Who gets the role.</param>
public sealed record RbacBinding(
    string? Namespace, string Name, IReadOnlyDictionary<string, string> Labels, bool ToClusterRole, string Role, IReadOnlyList<RbacSubject> Subjects)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Namespace is null ? "ClusterRoleBinding " : $"RoleBinding {Namespace}/")}{Name} to {(ToClusterRole ? "ClusterRole" : "Role")} {Role}";
}

/// <summary>All RBAC objects of a cluster, and the labels of its namespaces, at one time. Plain data.</summary>
/// <param name="Roles">Roles and ClusterRoles.</param>
/// <param name="Bindings">RoleBindings and ClusterRoleBindings.</param>
/// <param name="Namespaces">Namespaces with their labels.</param>
public sealed record RbacSnapshot(
    IReadOnlyList<RbacRole> Roles, IReadOnlyList<RbacBinding> Bindings, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces)
{
    private const string Api = "/apis/rbac.authorization.k8s.io/v1/";

    /// <summary>Reads a cluster.</summary>
    /// <param name="admin">Somebody who may list all of it.</param>
    /// <param name="selectors">
    /// Label selectors, of which any one selects the namespaces that matter and what is in them; none for all. What has no
    /// namespace is read whole: aggregated ClusterRoles take their rules from others.
    /// </param>
    /// <exception cref="KubeApiException">A list was refused: nothing can be judged by what is left.</exception>
    public static Task<RbacSnapshot> ReadAsync(KubeApi admin, params IReadOnlyList<string> selectors) => ReadAsync(admin, [], selectors);

    /// <summary>Reads a cluster, and some namespaces whole.</summary>
    /// <param name="admin">Somebody who may list all of it.</param>
    /// <param name="whole">Namespaces of which everything is read, whatever its labels.</param>
    /// <param name="selectors">As above, for the other namespaces.</param>
    /// <exception cref="KubeApiException">A list was refused: nothing can be judged by what is left.</exception>
    public static async Task<RbacSnapshot> ReadAsync(KubeApi admin, IReadOnlyList<string> whole, params IReadOnlyList<string> selectors)
    {
        var lists = await Task.WhenAll(ListAsync(admin, Api + "clusterroles"), ListNamespacedAsync(admin, "roles", whole, selectors),
            ListAsync(admin, Api + "clusterrolebindings"), ListNamespacedAsync(admin, "rolebindings", whole, selectors));
        // Afterwards, so that a namespace that is missing is one that has gone, not one that has just come.
        var namespaces = await ListAsync(admin, "/api/v1/namespaces", selectors);
        return new(
            [.. lists[0].Concat(lists[1]).Select(Role)],
            [.. lists[2].Concat(lists[3]).Select(Binding)],
            namespaces.ToDictionary(n => (string)n["metadata"]!["name"]!, n => Labels(n["metadata"]!["labels"])));
    }

    /// <summary>
    /// This snapshot as if the objects with certain labels were not there, nor what is in such a namespace or in one that has
    /// gone. An aggregated ClusterRole that took rules from one that is left out is filled in anew, as the controller would.
    /// </summary>
    /// <param name="leaveOut">Judges an object by its labels.</param>
    public RbacSnapshot Without(Func<IReadOnlyDictionary<string, string>, bool> leaveOut)
    {
        var namespaces = Namespaces.Where(n => !leaveOut(n.Value)).ToDictionary();
        bool Stays(string? @namespace, IReadOnlyDictionary<string, string> labels) => !leaveOut(labels) && (@namespace is null || namespaces.ContainsKey(@namespace));
        var roles = Roles.ToLookup(r => Stays(r.Namespace, r.Labels));
        return new(
            Aggregation.Refill([.. roles[true]], [.. roles[false].Where(r => r.Namespace is null)]),
            [.. Bindings.Where(b => Stays(b.Namespace, b.Labels))],
            namespaces);
    }

    /// <summary>This snapshot with every aggregated ClusterRole as the controller would fill it in from the other roles.</summary>
    public RbacSnapshot Refilled() => this with { Roles = Aggregation.Refill(Roles, [], all: true) };

    /// <summary>A Role or ClusterRole as the API writes it.</summary>
    public static RbacRole Role(JsonNode item)
    {
        var metadata = item["metadata"]!;
        return new((string?)metadata["namespace"], (string)metadata["name"]!, Labels(metadata["labels"]),
            [.. Nodes(item["rules"]).Select(Rule)], [.. Nodes(item["aggregationRule"]?["clusterRoleSelectors"]).Select(LabelSelector.Of)]);
    }

    /// <summary>A RoleBinding or ClusterRoleBinding as the API writes it.</summary>
    public static RbacBinding Binding(JsonNode item)
    {
        var metadata = item["metadata"]!;
        var @namespace = (string?)metadata["namespace"];
        return new(@namespace, (string)metadata["name"]!, Labels(metadata["labels"]), (string)item["roleRef"]!["kind"]! == "ClusterRole",
            (string)item["roleRef"]!["name"]!, [.. Nodes(item["subjects"]).Select(s => Subject(s, @namespace)).OfType<RbacSubject>().Distinct()]);
    }

    // A kind that the authoriser does not know gets nothing, nor does a ServiceAccount without a namespace in a ClusterRoleBinding.
    private static RbacSubject? Subject(JsonNode subject, string? bindingNamespace)
    {
        var name = (string)subject["name"]!;
        return (string)subject["kind"]! switch
        {
            "User" => RbacSubject.User(name),
            "Group" => RbacSubject.Group(name),
            "ServiceAccount" when ((string?)subject["namespace"] is { Length: > 0 } own ? own : bindingNamespace) is { } space => RbacSubject.Account(space, name),
            _ => null,
        };
    }

    private static RbacRule Rule(JsonNode rule) => new(
        Texts(rule["verbs"]), Texts(rule["apiGroups"]), Texts(rule["resources"]), Texts(rule["resourceNames"]), Texts(rule["nonResourceURLs"]));

    // Those of the namespaces that are read whole may have been selected before.
    private static async Task<List<JsonNode>> ListNamespacedAsync(KubeApi admin, string resource, IReadOnlyList<string> whole, IReadOnlyList<string> selectors) =>
    [
        .. (await ListAsync(admin, Api + resource, selectors)).Where(i => !whole.Contains((string)i["metadata"]!["namespace"]!)),
        .. (await Task.WhenAll(whole.Select(n => ListAsync(admin, $"{Api}namespaces/{n}/{resource}")))).SelectMany(i => i),
    ];

    private static async Task<List<JsonNode>> ListAsync(KubeApi admin, string path, params IReadOnlyList<string> selectors) =>
        [.. (await Task.WhenAll(selectors.DefaultIfEmpty("").Select(s => ListAsync(admin, path, s)))).SelectMany(i => i)];

    private static Task<List<JsonNode>> ListAsync(KubeApi admin, string path, string selector) =>
        admin.ListAsync(path, selector.Length == 0 ? "" : "labelSelector=" + Uri.EscapeDataString(selector));

    internal static IEnumerable<JsonNode> Nodes(JsonNode? list) => list?.AsArray().Select(n => n!) ?? [];

    internal static string[] Texts(JsonNode? list) => [.. Nodes(list).Select(t => (string)t!)];

    internal static IReadOnlyDictionary<string, string> Labels(JsonNode? labels) =>
        labels?.AsObject().ToDictionary(l => l.Key, l => (string)l.Value!) ?? [];
}
