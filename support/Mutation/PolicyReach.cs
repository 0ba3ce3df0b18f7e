using SecuritySpecs.Network;

namespace SecuritySpecs.Mutation;

/// <summary>Two sets of network policies in a small world in which every label that they name is there and missing.</summary>
internal sealed class PolicyReach(List<JsonObject> before, List<JsonObject> after)
{
    private static readonly string[] Protocols = ["TCP", "UDP"];
    private readonly List<JsonObject> _all = [.. before, .. after];

    /// <summary>Whether they let the same connections in and out: by themselves, and beside a policy that lets nothing through.</summary>
    public bool IsSame => IsSameBeside([]) && IsSameBeside([.. Spaces.Select(Deny)]);

    private List<string> Spaces => [.. _all.Select(p => (string)p["metadata"]!["namespace"]!).Append("elsewhere").Distinct()];

    private bool IsSameBeside(List<JsonObject> others)
    {
        var spaces = Worlds("namespaceSelector").SelectMany((labels, n) => Spaces.Select(home => (Name: n == 0 ? home : $"{home}-{n}", Labels: labels))).ToList();
        // The policies' own namespace has each of these sets of labels, too.
        return Worlds("namespaceSelector").All(own => IsSameIn([.. spaces.Select(s => Spaces.Contains(s.Name) ? (s.Name, own) : s)], others));
    }

    private bool IsSameIn(List<(string Name, IReadOnlyDictionary<string, string> Labels)> spaces, List<JsonObject> others)
    {
        // Two of each: a pod is never kept from itself.
        var pods = Worlds("podSelector").SelectMany(labels => new[] { labels, labels }).ToList();
        var peers = spaces.SelectMany((s, i) => pods.Select((labels, n) => Peer(s.Name, n, 1 + (i * pods.Count) + n, labels))).Concat(Outside).ToList();
        var namespaces = spaces.ToDictionary(s => s.Name, s => s.Labels);
        var (old, changed) = (new PolicyOracle(namespaces, before.Concat(others)), new PolicyOracle(namespaces, after.Concat(others)));
        return peers.Where(p => Spaces.Contains(p.Namespace)).All(pod => peers.All(other => Ports.All(port => Protocols.All(protocol =>
            old.LetsIn(other, pod, protocol, port) == changed.LetsIn(other, pod, protocol, port)
            && old.LetsOut(pod, other, protocol, port) == changed.LetsOut(pod, other, protocol, port)))));
    }

    private static JsonObject Deny(string @namespace) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "deny", ["namespace"] = @namespace },
        ["spec"] = new JsonObject { ["podSelector"] = new JsonObject(), ["policyTypes"] = new JsonArray("Ingress", "Egress") },
    };

    private static NetworkPeer Peer(string space, int number, int address, IReadOnlyDictionary<string, string> labels) =>
        new(IPAddress.Parse(FormattableString.Invariant($"10.9.{address / 250}.{1 + (address % 250)}")), space, FormattableString.Invariant($"pod-{number}"), labels, []);

    // No labels, each label alone, all labels, and all but one.
    private List<IReadOnlyDictionary<string, string>> Worlds(string selector)
    {
        var labels = _all.SelectMany(o => o.Maps()).Select(m => m[selector]).SelectMany(s => s.Maps()).SelectMany(LabelsOf).Distinct().ToList();
        var all = labels.DistinctBy(l => l.Key).ToList();
        List<List<KeyValuePair<string, string>>> sets = [[], .. labels.Select(l => new List<KeyValuePair<string, string>> { l }), all, .. all.Select(one => all.Where(l => l.Key != one.Key).ToList())];
        return [.. sets.Where(s => s.Count > 0).Prepend([]).DistinctBy(s => string.Join(',', s)).Select(s => (IReadOnlyDictionary<string, string>)s.ToDictionary())];
    }

    private static IEnumerable<KeyValuePair<string, string>> LabelsOf(JsonObject map) =>
    [
        .. (map["matchLabels"] as JsonObject ?? []).Select(l => KeyValuePair.Create(l.Key, l.Value!.ToString())),
        .. map["key"] is { } key && map["operator"] is not null ? map["values"].Items().Select(v => v.ToString()).DefaultIfEmpty("x").Select(v => KeyValuePair.Create(key.ToString(), v)) : [],
    ];

    // Both ends of each block, and an address beyond all of them.
    private IEnumerable<NetworkPeer> Outside => _all.SelectMany(p => p.Maps()).Select(m => m["ipBlock"]).OfType<JsonObject>()
        .SelectMany(b => b["except"].Items().Append(b["cidr"]!)).SelectMany(Ends).Append("203.0.113.7").Distinct().Select(NetworkPeer.Outside);

    private static IEnumerable<string> Ends(JsonNode block)
    {
        var parts = block.ToString().Split('/');
        var bytes = IPAddress.Parse(parts[0]).GetAddressBytes();
        var first = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
        var bits = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return [Text(first), Text(bits == 32 ? first : first | (uint.MaxValue >> bits))];
    }

    private static string Text(uint address) => FormattableString.Invariant($"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");

    private List<int> Ports => [.. _all.SelectMany(p => p.Maps()).Select(m => m["port"]).OfType<JsonValue>().Where(p => p.GetValueKind() == JsonValueKind.Number)
        .Select(p => int.Parse(p.ToString(), CultureInfo.InvariantCulture)).SelectMany(p => new[] { p, p + 1 }).Append(1).Distinct()];
}
