using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>A limit of a tenant.</summary>
/// <param name="Name">The ResourceQuota or LimitRange.</param>
/// <param name="Limit">What is limited, for example <c>pods</c>, or <c>max nvidia.com/gpu of a Container</c>.</param>
/// <param name="Amount">How much; the API server's own form of the quantity.</param>
public sealed record LimitRow(string Name, string Limit, string Amount)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Limit}: {Amount}";
}

/// <summary>All quotas and limit ranges of a tenant as the API server holds them.</summary>
public sealed class LimitTable(ScenarioPlatform scenario)
{
    /// <summary>Reads them.</summary>
    public async Task<IReadOnlyList<LimitRow>> ReadAsync(Tenant tenant)
    {
        var core = $"/api/v1/namespaces/{tenant.Namespace}/";
        var quotas = (await scenario.Admin.GetAsync(core + "resourcequotas")).OrThrow().Items;
        var ranges = (await scenario.Admin.GetAsync(core + "limitranges")).OrThrow().Items;
        return [.. quotas.SelectMany(q => OfQuota(q!)), .. ranges.SelectMany(r => OfRange(r!))];
    }

    private static IEnumerable<LimitRow> OfQuota(JsonNode quota)
    {
        var spec = quota["spec"]!;
        var scopes = (spec["scopeSelector"]?["matchExpressions"]?.AsArray() ?? []).Select(e => $"{e!["scopeName"]} {e["operator"]} {string.Join(", ", e["values"]?.AsArray() ?? [])}".Trim())
            .Concat((spec["scopes"]?.AsArray() ?? []).Select(s => $"{s}")).ToList();
        var where = scopes.Count == 0 ? "" : $" where {string.Join(" and ", scopes)}";
        return (spec["hard"]?.AsObject() ?? []).Select(h => new LimitRow(Name(quota), h.Key + where, $"{h.Value}"));
    }

    private static IEnumerable<LimitRow> OfRange(JsonNode range) =>
        from limit in range["spec"]!["limits"]!.AsArray()
        from bound in limit!.AsObject()
        where bound.Value is JsonObject
        from amount in bound.Value!.AsObject()
        select new LimitRow(Name(range), $"{bound.Key} {amount.Key} of a {limit["type"]}", $"{amount.Value}");

    private static string Name(JsonNode @object) => (string)@object["metadata"]!["name"]!;
}
