namespace SecuritySpecs.Tests;

/// <summary>A snapshot out of YAML, as short as a test can tell it.</summary>
internal static class RbacCluster
{
    /// <summary>Of Roles, bindings and Namespaces; a namespace that an object names need not be there.</summary>
    public static RbacSnapshot Of(string yaml)
    {
        var objects = Manifest.Parse("test.yaml", yaml).Objects;
        IEnumerable<JsonObject> Kind(string ending) => objects.Where(o => ((string)o["kind"]!).EndsWith(ending, StringComparison.Ordinal));
        var namespaces = objects.Select(o => (string?)o["metadata"]!["namespace"]).OfType<string>().Distinct()
            .ToDictionary(n => n, _ => (IReadOnlyDictionary<string, string>)new Dictionary<string, string>());
        foreach (var space in Kind("Namespace"))
            namespaces[(string)space["metadata"]!["name"]!] = space["metadata"]!["labels"]?.AsObject().ToDictionary(l => l.Key, l => (string)l.Value!) ?? [];
        return new([.. Kind("Role").Select(RbacSnapshot.Role)], [.. Kind("Binding").Where(b => b["roleRef"] is not null).Select(RbacSnapshot.Binding)], namespaces);
    }

    /// <summary>A ClusterRole, bound to a subject in the whole cluster or in a namespace.</summary>
    public static RbacSnapshot Bound(string rule, string subject, string? @namespace = null) => Of($$"""
        kind: ClusterRole
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: role}
        rules: [{{rule}}]
        ---
        kind: {{(@namespace is null ? "ClusterRoleBinding" : "RoleBinding")}}
        apiVersion: rbac.authorization.k8s.io/v1
        metadata: {name: binding{{(@namespace is null ? "" : $", namespace: {@namespace}")}}}
        roleRef: {kind: ClusterRole, name: role}
        subjects: [{{subject}}]
        """);
}
