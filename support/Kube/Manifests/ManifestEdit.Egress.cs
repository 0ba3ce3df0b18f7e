namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in what network policies let out.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfEgress =>
    [
        ("with the type {string} in place of {string}", (m, a) => EachSpec(m, s => Exchange(s["policyTypes"]!.AsArray(), a[1], a[0]))),
        ("without the rule about port {string}", (m, a) => EachRule(m, r => { if (Ports(r).Any(p => p!["port"]?.ToString() == a[0])) Detach(r); })),
        ("without the {string} port {string}", (m, a) => EachRule(m, r => Ports(r).Where(p => (string?)p!["protocol"] == a[0] && p["port"]?.ToString() == a[1]).ToList().ForEach(p => Detach(p!.AsObject())))),
        ("without the exception {string}", (m, a) => EachBlock(m, b => Take(b["except"]!.AsArray(), a[0]))),
        ("without the exceptions", (m, _) => EachBlock(m, b => b.Remove("except"))),
    ];

    private static void EachSpec(Manifest manifest, Action<JsonObject> change)
    {
        foreach (var policy in manifest.Objects.Where(o => (string?)o["kind"] == "NetworkPolicy"))
            change(policy["spec"]!.AsObject());
    }

    private static void EachRule(Manifest manifest, Action<JsonObject> change) =>
        EachSpec(manifest, s => (s["egress"]?.AsArray() ?? []).ToList().ForEach(r => change(r!.AsObject())));

    private static void EachBlock(Manifest manifest, Action<JsonObject> change) =>
        EachRule(manifest, r => (r["to"]?.AsArray() ?? []).Select(p => p!["ipBlock"]).OfType<JsonObject>().ToList().ForEach(change));

    private static JsonArray Ports(JsonObject rule) => rule["ports"]?.AsArray() ?? [];

    private static void Exchange(JsonArray list, string old, string text)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if ((string?)list[i] == old)
                list[i] = text;
        }
    }
}
