namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in audit policies.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfAudit =>
    [
        ("with the level {string} for {string}", (m, a) => AuditRules(m).Where(r => Audited(r).Any(l => Has(l, a[1]))).ToList().ForEach(r => r["level"] = a[0])),
        // In the first place: the first rule that fits decides.
        ("with the group {string} left out", (m, a) => m.Objects[0]["rules"]!.AsArray().Insert(0, new JsonObject { ["level"] = "None", ["userGroups"] = new JsonArray(a[0]) })),
    ];

    private static IEnumerable<JsonObject> AuditRules(Manifest manifest) =>
        manifest.Objects.Where(o => (string?)o["kind"] == "Policy").SelectMany(o => o["rules"]?.AsArray() ?? []).Select(r => r!.AsObject());

    private static IEnumerable<JsonArray> Audited(JsonObject rule) =>
        (rule["resources"]?.AsArray() ?? []).Select(r => r!["resources"]).OfType<JsonArray>();

    private static bool Has(JsonArray list, string text) => list.Any(t => (string)t! == text);
}
