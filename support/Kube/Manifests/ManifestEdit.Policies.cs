namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in network policies: in the first rule of the policy that is named, of those that name ports where some do.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfPolicies =>
    [
        ("with the selectors of policy {string} as two items", (m, a) => AsTwoItems(RuleOf(m, a[0]).Peers)),
        ("without the selector {string} of policy {string}", (m, a) => PeerOf(m, a[1]).Remove(a[0])),
        ("with the empty {string} of policy {string}", (m, a) => PeerOf(m, a[1])[a[0]] = new JsonObject()),
        ("with the namespaces of policy {string} chosen by their names", (m, a) => PeerOf(m, a[0])["namespaceSelector"] = NamedLike(m)),
        ("with the CIDR {string} as peer of policy {string}", (m, a) => RuleOf(m, a[1]).Peers[0] = new JsonObject { ["ipBlock"] = new JsonObject { ["cidr"] = a[0] } }),
        ("without the peers of policy {string}", (m, a) => Remove(RuleOf(m, a[0]).Peers)),
        ("without the ports", (m, _) => RulesOf(m).ForEach(r => r.Remove("ports"))),
        ("with the port {string} in place of {string}", (m, a) => RulesOf(m).ForEach(r => Replace(r["ports"]?.AsArray() ?? [], a[1], a[0]))),
        ("without the type {string} of policy {string}", (m, a) => Take(PolicyOf(m, a[1])["policyTypes"]!.AsArray(), a[0])),
    ];

    private static JsonObject PolicyOf(Manifest manifest, string name) =>
        manifest.Objects.FirstOrDefault(o => (string?)o["kind"] == "NetworkPolicy" && (string?)o["metadata"]!["name"] == name)?["spec"]!.AsObject()
            ?? throw new ArgumentException($"{manifest.Told} has no NetworkPolicy \"{name}\".");

    // The rule about those who call, where there is one, else about those who are called.
    private static (JsonObject Rule, JsonArray Peers) RuleOf(Manifest manifest, string policy)
    {
        var spec = PolicyOf(manifest, policy);
        var (rules, field) = spec["ingress"] is JsonArray ingress ? (ingress, "from") : (spec["egress"] as JsonArray, "to");
        var named = (rules ?? []).OfType<JsonObject>().Where(r => r[field] is JsonArray { Count: > 0 });
        return named.OrderBy(r => r["ports"] is null).FirstOrDefault() is { } rule ? (rule, rule[field]!.AsArray())
            : throw new ArgumentException($"{manifest.Told}: NetworkPolicy \"{policy}\" has no rule that names peers.");
    }

    private static List<JsonObject> RulesOf(Manifest manifest) =>
        [.. manifest.Objects.SelectMany(o => new[] { o["spec"]?["ingress"], o["spec"]?["egress"] }).OfType<JsonArray>().SelectMany(r => r).Select(r => r!.AsObject())];

    private static JsonObject PeerOf(Manifest manifest, string policy) => RuleOf(manifest, policy).Peers[0]!.AsObject();

    private static void AsTwoItems(JsonArray peers)
    {
        var both = peers[0]!.AsObject();
        peers.Clear();
        foreach (var (selector, value) in both)
            peers.Add(new JsonObject { [selector] = value!.DeepClone() });
    }

    private static JsonObject NamedLike(Manifest manifest) => new()
    {
        ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = manifest.Objects.Select(o => (string?)o["metadata"]!["namespace"]).First(n => n is not null) },
    };

    private static void Remove(JsonNode node)
    {
        var parent = node.Parent!.AsObject();
        parent.Remove(node.GetPropertyName());
    }

    private static void Replace(JsonArray ports, string old, string port)
    {
        foreach (var entry in ports.Where(p => p!["port"]?.ToString() == old))
            entry!["port"] = PortOf(port);
    }

    private static JsonValue PortOf(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text)!;
}
