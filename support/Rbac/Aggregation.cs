namespace SecuritySpecs.Rbac;

/// <summary>Which labels an object must have: Kubernetes' label selector.</summary>
/// <param name="Requirements">All of these must hold: key, operator (In, NotIn, Exists, DoesNotExist) and values.</param>
public sealed record LabelSelector(IReadOnlyList<(string Key, string Operator, IReadOnlyList<string> Values)> Requirements)
{
    /// <summary>A selector as the API writes it.</summary>
    public static LabelSelector Of(JsonNode selector) => new([
        .. RbacSnapshot.Labels(selector["matchLabels"]).Select(l => (l.Key, "In", (IReadOnlyList<string>)[l.Value])),
        .. RbacSnapshot.Nodes(selector["matchExpressions"]).Select(e => ((string)e["key"]!, (string)e["operator"]!, (IReadOnlyList<string>)RbacSnapshot.Texts(e["values"]))),
    ]);

    /// <summary>Whether it selects an object with these labels. A selector without requirements selects all.</summary>
    public bool Selects(IReadOnlyDictionary<string, string> labels) => Requirements.All(r =>
    {
        var value = labels.GetValueOrDefault(r.Key);
        return r.Operator switch
        {
            "In" => value is not null && r.Values.Contains(value),
            "NotIn" => value is null || !r.Values.Contains(value),
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            _ => throw new InvalidOperationException($"A label selector has the unknown operator {r.Operator}."),
        };
    });
}

/// <summary>What the controller for aggregated ClusterRoles does.</summary>
internal static class Aggregation
{
    /// <summary>Fills in anew those aggregated ClusterRoles that took rules, directly or through others, from roles that are gone; or all.</summary>
    public static IReadOnlyList<RbacRole> Refill(IReadOnlyList<RbacRole> kept, IReadOnlyList<RbacRole> gone, bool all = false)
    {
        var tainted = gone.Concat(kept.Where(r => all && r.Aggregates.Count > 0)).ToHashSet();
        while (kept.FirstOrDefault(r => !tainted.Contains(r) && tainted.Any(t => Takes(r, t))) is { } next)
            tainted.Add(next);
        return [.. kept.Select(r => tainted.Contains(r) ? r with { Rules = Rules(r, []) } : r)];

        // Through the roles that are tainted too, down to those whose rules are their own.
        List<RbacRule> Rules(RbacRole role, HashSet<RbacRole> seen) =>
            [.. kept.Where(r => Takes(role, r) && seen.Add(r)).SelectMany(r => tainted.Contains(r) ? Rules(r, seen) : r.Rules)];
    }

    private static bool Takes(RbacRole from, RbacRole by) => from != by && by.Namespace is null && from.Aggregates.Any(s => s.Selects(by.Labels));
}
