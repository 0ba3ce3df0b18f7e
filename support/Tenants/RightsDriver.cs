using System.Text.Json.Nodes;
using SecuritySpecs.Kube;

namespace SecuritySpecs.Tenants;

/// <summary>All the rights that a tenant holds in a namespace, by the API server's own account (SelfSubjectRulesReview).</summary>
public sealed class RightsDriver(ScenarioPlatform scenario)
{
    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    private const string ReferenceRole = "controls/tenant.yaml";

    /// <summary>The rights that a tenant holds in a namespace beyond those that every account of the cluster has.</summary>
    /// <returns>Each as <c>VERB GROUP/RESOURCE</c> or <c>VERB URL</c>, sorted.</returns>
    public async Task<IReadOnlyList<string>> OwnRightsAsync(Tenant tenant, string @namespace)
    {
        var everybodys = await RightsAsync(await scenario.Platform.StrangerAsync(), @namespace);
        var rights = (await RightsAsync(tenant.Api, @namespace)).Except(everybodys).Order(StringComparer.Ordinal).ToList();
        scenario.Note($"tenant \"{tenant.Name}\"", $"holds in {@namespace}, beyond what every account has: {(rights.Count == 0 ? "nothing" : string.Join(", ", rights))}");
        return rights;
    }

    /// <summary>The rights that the reference configuration gives a tenant at home.</summary>
    public IReadOnlyList<string> ReferenceRights(Tenant tenant)
    {
        var role = scenario.Platform.Load(ReferenceRole, new Dictionary<string, string> { ["TENANT"] = tenant.Name, ["NAMESPACE"] = tenant.Namespace })
            .Objects.Single(o => (string?)o["kind"] == "Role");
        return [.. role["rules"]!.AsArray().SelectMany(r => Flat(r!)).Distinct().Order(StringComparer.Ordinal)];
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
