namespace SecuritySpecs.Rbac;

/// <summary>A cluster of any size, always the same: what the analysis is measured with. A smaller one is part of a larger one.</summary>
public static class ManyBindings
{
    private static readonly string[] Verbs = ["get", "list", "create", "patch", "update", "delete"];
    private static readonly string[] Resources = ["configmaps", "services", "pods", "secrets", "pods/exec", "events", "resourcequotas", "leases"];

    /// <summary>So many bindings, nine in ten of a namespace, and a tenth as many namespaces, subjects, and roles of five rules.</summary>
    public static RbacSnapshot Of(int bindings)
    {
        var none = new Dictionary<string, string>();
        var names = Enumerable.Range(0, (bindings + 9) / 10).Select(i => $"bench-{i}").ToList();
        return new(
            [.. names.Select((name, i) => new RbacRole(null, name, none, [.. Enumerable.Range(0, 5).Select(n => Rule(i + n))], []))],
            [.. Enumerable.Range(0, bindings).Select(i => new RbacBinding(
                i % 10 == 0 ? null : Spread(i, 7), $"bench-{i}", none, true, Spread(i, 3), [RbacSubject.Account(Spread(i, 11), "runner")]))],
            names.ToDictionary(n => n, _ => (IReadOnlyDictionary<string, string>)none));
    }

    // One of the names that a cluster of i bindings has.
    private static string Spread(int i, int step) => $"bench-{i * step % ((i / 10) + 1)}";

    private static RbacRule Rule(int i) => new([Verbs[i % Verbs.Length], Verbs[(i + 2) % Verbs.Length]], [i % 5 == 0 ? "apps" : ""], [Resources[i % Resources.Length]], [], []);
}
