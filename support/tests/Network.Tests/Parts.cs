namespace SecuritySpecs.Network.Tests;

/// <summary>
/// The parts of the language of NetworkPolicy. Each with policies in which the part means something else: an attempt is decided by
/// the part if its verdict is another one there.
/// </summary>
internal static class Parts
{
    /// <summary>What a part turns a policy's spec into, which is changed in place.</summary>
    public static readonly IReadOnlyDictionary<string, Action<JsonObject>> All = new Dictionary<string, Action<JsonObject>>
    {
        ["podSelector of the policy"] = spec => spec["podSelector"] = new JsonObject(),
        ["policyTypes Ingress"] = spec => Only(spec, t => t != "Ingress"),
        ["policyTypes Egress"] = spec => Only(spec, t => t != "Egress"),
        ["policyTypes left out, with egress rules"] = spec => Untyped(spec, spec["egress"] is JsonArray { Count: > 0 }, "Ingress"),
        ["policyTypes left out, without egress rules"] = spec => Untyped(spec, spec["egress"] is not JsonArray { Count: > 0 }, "Ingress", "Egress"),
        ["ingress rules"] = spec => spec.Remove("ingress"),
        ["egress rules"] = spec => spec.Remove("egress"),
        ["a rule for everybody"] = spec => Each(spec, (list, _) => list.RemoveAll(r => r!["from"] is not JsonArray { Count: > 0 } && r["to"] is not JsonArray { Count: > 0 })),
        ["podSelector alone means the policy's namespace"] = spec => Peers(spec, p => p["podSelector"] is not null && p["namespaceSelector"] is null, p => p["namespaceSelector"] = new JsonObject()),
        ["namespaceSelector"] = spec => Peers(spec, p => p["namespaceSelector"] is not null, p => p["namespaceSelector"] = new JsonObject()),
        ["namespaceSelector alone means all pods"] = spec => Peers(spec, p => p["podSelector"] is null && p["namespaceSelector"] is not null, p => p.Remove("namespaceSelector")),
        ["both selectors must be met"] = spec => Split(spec),
        ["ipBlock"] = spec => Peers(spec, p => p["ipBlock"] is not null, p => p["ipBlock"]!["cidr"] = "192.0.2.0/24"),
        ["except"] = spec => Peers(spec, p => p["ipBlock"] is not null, p => p["ipBlock"]!.AsObject().Remove("except")),
        ["In"] = spec => Expressions(spec, "In"),
        ["NotIn"] = spec => Expressions(spec, "NotIn"),
        ["Exists"] = spec => Expressions(spec, "Exists"),
        ["DoesNotExist"] = spec => Expressions(spec, "DoesNotExist"),
        ["matchLabels"] = spec => Objects(spec).ToList().ForEach(o => o.Remove("matchLabels")),
        ["port by number"] = spec => Ports(spec, p => p["port"]?.GetValueKind() == System.Text.Json.JsonValueKind.Number, p => p.Remove("port")),
        ["port by name"] = spec => Ports(spec, p => p["port"]?.GetValueKind() == System.Text.Json.JsonValueKind.String, p => p.Remove("port")),
        ["endPort"] = spec => Ports(spec, p => p["endPort"] is not null, p => p.Remove("endPort")),
        ["protocol without a port"] = spec => Ports(spec, p => p["port"] is null, p => p["port"] = 1),
        ["protocol"] = spec => Ports(spec, p => (string?)p["protocol"] == "UDP", p => p["protocol"] = "TCP"),
        ["no protocol means TCP"] = spec => Ports(spec, p => (string?)p["protocol"] is null or "TCP", p => p["protocol"] = "UDP"),
        ["SCTP is another protocol"] = spec => Ports(spec, p => (string?)p["protocol"] == "SCTP", p => p["protocol"] = "TCP"),
    };

    private static void Only(JsonObject spec, Func<string, bool> kept)
    {
        if (spec["policyTypes"] is JsonArray types && types.Where(t => kept((string)t!)).ToList() is var rest && rest.Count < types.Count)
            spec["policyTypes"] = new JsonArray([.. rest.DefaultIfEmpty("None").Select(t => t!.DeepClone())]);
    }

    // The API server fills in what was left out; what it was is what an author wrote.
    private static void Untyped(JsonObject spec, bool concerned, params string[] otherwise)
    {
        if (concerned && spec["policyTypes"] is null)
            spec["policyTypes"] = new JsonArray([.. otherwise.Select(t => JsonValue.Create(t))]);
    }

    private static void Each(JsonObject spec, Action<JsonArray, string> change)
    {
        foreach (var (rules, peers) in ((string, string)[])[("ingress", "from"), ("egress", "to")])
        {
            if (spec[rules] is JsonArray list)
                change(list, peers);
        }
    }

    private static void Peers(JsonObject spec, Func<JsonObject, bool> which, Action<JsonObject> change) => Each(spec, (list, peers) =>
    {
        foreach (var peer in list.SelectMany(r => r![peers]?.AsArray() ?? []).Select(p => p!.AsObject()).Where(which).ToList())
            change(peer);
    });

    private static void Split(JsonObject spec) => Each(spec, (list, peers) =>
    {
        foreach (var items in list.Select(r => r![peers]).OfType<JsonArray>())
        {
            foreach (var both in items.Where(p => p!["podSelector"] is not null && p["namespaceSelector"] is not null).Select(p => p!.AsObject()).ToList())
            {
                items.Add(new JsonObject { ["podSelector"] = both["podSelector"]!.DeepClone() });
                both.Remove("podSelector");
            }
        }
    });

    private static void Ports(JsonObject spec, Func<JsonObject, bool> which, Action<JsonObject> change) => Each(spec, (list, _) =>
    {
        foreach (var port in list.SelectMany(r => r!["ports"]?.AsArray() ?? []).Select(p => p!.AsObject()).Where(which).ToList())
            change(port);
    });

    private static void Expressions(JsonObject spec, string @operator)
    {
        foreach (var list in Objects(spec).Select(o => o["matchExpressions"]).OfType<JsonArray>().ToList())
            list.RemoveAll(e => (string)e!["operator"]! == @operator);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode node) => node switch
    {
        JsonObject map => map.Select(f => f.Value).OfType<JsonNode>().SelectMany(Objects).Append(map),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Objects),
        _ => [],
    };
}
