namespace SecuritySpecs.Drivers.Shared;

/// <summary>All the rights that somebody holds in a namespace, by the API server's own account (SelfSubjectRulesReview).</summary>
public sealed class RightsDriver(ScenarioPlatform scenario, ControlDriver controls)
{
    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

    /// <summary>The rights that somebody holds in a namespace beyond those that every account of the cluster has.</summary>
    /// <returns>Each as <c>VERB GROUP/RESOURCE</c> or <c>VERB URL</c>, sorted.</returns>
    public async Task<IReadOnlyList<string>> OwnRightsAsync(Identity who, string @namespace)
    {
        var everybodys = await RightsAsync(await scenario.Platform.StrangerAsync(), @namespace);
        var rights = (await HeldAsync(who, @namespace)).Except(everybodys).Order(StringComparer.Ordinal).ToList();
        scenario.Note(who.Who, $"holds in {@namespace}, beyond what every account has: {(rights.Count == 0 ? "nothing" : string.Join(", ", rights))}");
        return rights;
    }

    /// <summary>All rights that somebody holds in a namespace.</summary>
    public static async Task<IReadOnlySet<string>> HeldAsync(Identity who, string @namespace) => await RightsAsync(who.Api, @namespace);

    /// <summary>The rights that the reference configuration gives an account.</summary>
    /// <param name="control">The file of fleet-fixtures/controls, without <c>.yaml</c>.</param>
    /// <param name="tenant">The tenant that it is applied to.</param>
    /// <param name="account">The ServiceAccount.</param>
    public IReadOnlyList<string> ReferenceRights(string control, Tenant tenant, string account)
    {
        var objects = scenario.Platform.Load($"controls/{control}.yaml", controls.Values(control, tenant)).Objects;
        var roles = objects.Where(o => (o["subjects"]?.AsArray() ?? []).Any(s => (string?)s!["name"] == account)).Select(b => (string)b["roleRef"]!["name"]!);
        var rules = objects.Where(o => o["rules"] is not null && roles.Contains((string)o["metadata"]!["name"]!)).SelectMany(r => r["rules"]!.AsArray());
        return [.. rules.SelectMany(r => Flat(r!).Concat(Urls(r!))).Distinct().Order(StringComparer.Ordinal)];
    }

    private static async Task<HashSet<string>> RightsAsync(KubeApi api, string @namespace)
    {
        var answer = await api.ReviewAsync(Review, new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SelfSubjectRulesReview", ["spec"] = new JsonObject { ["namespace"] = @namespace },
        }, body => $"{body["status"]!["resourceRules"]!.AsArray().Count} rules in {@namespace}");
        var status = answer.OrThrow().Body!["status"]!;
        return [.. status["resourceRules"]!.AsArray().SelectMany(r => Flat(r!)), .. (status["nonResourceRules"]?.AsArray() ?? []).SelectMany(r => Urls(r!))];
    }

    private static IEnumerable<string> Flat(JsonNode rule) =>
        from verb in Texts(rule["verbs"])
        from @group in Texts(rule["apiGroups"])
        from resource in Texts(rule["resources"])
        from name in Texts(rule["resourceNames"]).DefaultIfEmpty("")
        select $"{verb} {(@group.Length == 0 ? "" : @group + "/")}{resource}{(name.Length == 0 ? "" : " named " + name)}";

    private static IEnumerable<string> Urls(JsonNode rule) =>
        from verb in Texts(rule["verbs"]) from url in Texts(rule["nonResourceURLs"]) select $"{verb} {url}";

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(t => (string)t!) ?? [];
}
