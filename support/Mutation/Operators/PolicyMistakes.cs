namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in network policies.</summary>
internal static class PolicyMistakes
{
    private static readonly string[] Kinds = ["NetworkPolicy"];
    private static readonly string[] Selectors = ["namespaceSelector", "podSelector"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("drop-policy-type", Kinds, "Takes a direction out of policyTypes.", "There is no egress rule, so Egress looks as if it did nothing.",
            o => Spec(o)["policyTypes"].Items().Select(Change.Drop)),
        new("add-policy-type", Kinds, "Adds a direction to policyTypes.", "\"Both, to be safe\": without rules of that direction nothing passes.",
            o => Spec(o)["policyTypes"] is JsonArray { Count: 1 } types ? [Change.Add(types, types.Holds("Ingress") ? "Egress" : "Ingress")] : []),
        new("drop-policy-rule", Kinds, "Takes a rule out of a policy.", "It looks as if another policy allowed the same.", o => Rules(o).Select(r => Change.Drop(r.Rule))),
        new("any-connection", Kinds, "Adds a rule that lets everything through.", "To see whether the policy is at fault, and never taken back.",
            o => Directions(o).Select(d => Change.Add(Spec(o), d.Field, new JsonObject()))),
        new("drop-peer", Kinds, "Takes a peer out of a rule that has several.", "It seems to be unused.",
            o => Rules(o).Where(r => r.Rule[r.Peers].Items().Count() > 1).SelectMany(r => r.Rule[r.Peers].Items()).Select(Change.Drop)),
        new("any-peer", Kinds, "Empties the list of peers.", "\"from: []\" reads like nobody. It is everybody; only \"from: [{}]\" is refused.",
            o => Rules(o).Where(r => r.Rule[r.Peers] is JsonArray { Count: > 0 }).Select(r => Change.Set(r.Rule, r.Peers, new JsonArray()))),
        new("add-peer", Kinds, "Adds the pods of every namespace to the peers.", "A monitoring or a mesh of the platform's own has to come through.",
            o => Rules(o).Where(r => r.Rule[r.Peers] is JsonArray).Select(r => Change.Add(r.Rule[r.Peers]!.AsArray(), new JsonObject { ["namespaceSelector"] = new JsonObject() }))),
        new("drop-selector", Kinds, "Takes one of the two selectors of a peer away.", "One of them seems to say enough. Without namespaceSelector only the policy's own namespace is meant.",
            o => Peers(o).Where(p => p.Count == 2).SelectMany(p => Selectors.Select(s => p[s]).OfType<JsonNode>()).Select(Change.Drop)),
        new("empty-selector", Kinds, "Empties a selector of a peer, which then selects everything.", "The label was dropped in a clean-up.",
            o => Peers(o).SelectMany(p => Selectors.Where(s => p[s] is JsonObject { Count: > 0 }).Select(s => Change.Set(p, s, new JsonObject())))),
        new("drop-label", Kinds, "Takes a label out of a selector that has several.", "Two labels for one thing look like one too many.",
            o => Spec(o).Maps().Select(m => m["matchLabels"]).OfType<JsonObject>().Where(l => l.Count > 1).SelectMany(l => l.Values()).Select(Change.Drop)),
        new("misspelt-label", Kinds, "Misspells the value of a label that a selector asks for.", "Nothing complains about a label that nobody has.",
            o => Spec(o).Maps().Select(m => m["matchLabels"]).OfType<JsonObject>().SelectMany(l => l.Values()).Select(v => Change.Replace(v, $"{v}s"))),
        new("or-peers", Kinds, "Makes two peers of one that has both selectors: OR in the place of AND.",
            "One dash too many, the best known mistake in this file. The Kubernetes documentation warns of it.",
            o => Peers(o).Where(p => p.Count == 2).Select(p => new Change($"{Places.Of(p)}:or", () => Split(p)))),
        new("and-peers", Kinds, "Makes one peer of two: AND in the place of OR.", "One dash too few.",
            o => Rules(o).Select(r => r.Rule[r.Peers]).OfType<JsonArray>().Where(p => p.Count == 2 && p.Objects().SelectMany(i => i.Select(f => f.Key)).Distinct().Count() == 2)
                .Select(p => new Change($"{Places.Of(p)}:and", () => Join(p)))),
        new("any-namespace", Kinds, "Lets a peer of this namespace be in any namespace.", "namespaceSelector: {} looks like a default.",
            o => Peers(o).Where(p => p["podSelector"] is not null && p["namespaceSelector"] is null).Select(p => Change.Set(p, "namespaceSelector", new JsonObject()))),
        new("drop-ports", Kinds, "Takes the ports out of a rule, which then holds for all.", "The peer is trusted, and the port may change.",
            o => Rules(o).Select(r => r.Rule["ports"]).OfType<JsonNode>().Select(Change.Drop)),
        new("drop-port", Kinds, "Takes a port out of a rule that has several.", "Answers that need TCP are rare; nobody sees it missing.",
            o => Rules(o).Where(r => r.Rule["ports"].Items().Count() > 1).SelectMany(r => r.Rule["ports"].Items()).Select(PortOf)),
        new("add-port", Kinds, "Adds the next port to a rule.", "The admin port is beside it.",
            o => Rules(o).Select(r => r.Rule["ports"]).OfType<JsonArray>().Where(p => p.Objects().Any(i => i["port"] is JsonValue))
                .Select(p => Change.Add(p, new JsonObject { ["protocol"] = "TCP", ["port"] = p.Objects().Max(i => int.Parse(i["port"]!.ToString(), CultureInfo.InvariantCulture)) + 1 }))),
        new("any-port", Kinds, "Takes the number out of a port, which then means every port of that protocol.", "The Service's number was there and did not fit.",
            o => Rules(o).SelectMany(r => r.Rule["ports"].Objects()).Select(p => p["port"]).OfType<JsonNode>().Select(n => new Change($"{PlaceOfPort(n.Parent!)}.port", () => Places.Remove(n)))),
        new("other-protocol", Kinds, "Writes UDP for TCP, or the other way round.", "The line was copied.",
            o => Rules(o).SelectMany(r => r.Rule["ports"].Objects()).Where(p => p["protocol"] is not null)
                .Select(p => new Change($"{PlaceOfPort(p)}:protocol", () => p["protocol"] = (string)p["protocol"]! == "TCP" ? "UDP" : "TCP"))),
        new("narrow-protection", Kinds, "Lets a policy for all pods select one app only.", "Some pod had trouble with it. What comes later is open.",
            o => Spec(o)["podSelector"] is JsonObject { Count: 0 } ? [Change.Set(Spec(o), "podSelector", App("server"))] : []),
        new("widen-protection", Kinds, "Lets a policy for one app select all pods.", "A selector was lost. Rules that only one app needed hold for all.",
            o => Spec(o)["podSelector"] is JsonObject { Count: > 0 } ? [Change.Set(Spec(o), "podSelector", new JsonObject())] : []),
        new("drop-except", Kinds, "Takes an exception out of a block of addresses.", "A range that this cloud does not use, it seems.",
            o => Blocks(o).SelectMany(b => b["except"].Items()).Select(Change.Drop)),
        new("narrow-except", Kinds, "Halves an exception of a block of addresses.", "A prefix mistyped by one. 169.254.0.0/17 leaves the metadata service out (Capital One, 2019).",
            o => Blocks(o).SelectMany(b => b["except"].Items()).Where(e => int.Parse(e.ToString().Split('/')[1], CultureInfo.InvariantCulture) < 31).Select(Halved)),
        new("narrow-block", Kinds, "Halves a block of addresses.", "A prefix mistyped by one.",
            o => Blocks(o).Select(b => b["cidr"]).OfType<JsonNode>().Select(c => Change.Replace(c, "0.0.0.0/1"))),
    ];

    private static JsonObject Spec(JsonObject policy) => policy["spec"]!.AsObject();

    private static IEnumerable<(string Field, string Peers)> Directions(JsonObject policy) =>
        new[] { ("ingress", "from"), ("egress", "to") }.Where(d => Spec(policy)["policyTypes"].Holds(d.Item1 == "ingress" ? "Ingress" : "Egress"));

    private static IEnumerable<(JsonObject Rule, string Peers)> Rules(JsonObject policy) =>
        new[] { ("ingress", "from"), ("egress", "to") }.SelectMany(d => Spec(policy)[d.Item1].Objects().Select(r => (r, d.Item2)));

    private static IEnumerable<JsonObject> Peers(JsonObject policy) => Rules(policy).SelectMany(r => r.Rule[r.Peers].Objects());

    private static IEnumerable<JsonObject> Blocks(JsonObject policy) => Peers(policy).Select(p => p["ipBlock"]).OfType<JsonObject>();

    private static JsonObject App(string name) => new() { ["matchLabels"] = new JsonObject { ["app.kubernetes.io/name"] = name } };

    // Two ports of one number differ in their protocol.
    private static string PlaceOfPort(JsonNode port) => $"{Places.Of(port.Parent!)}[{port["protocol"]} {port["port"]}]";

    private static Change PortOf(JsonNode port) => new(PlaceOfPort(port), () => Places.Remove(port));

    private static Change Halved(JsonNode block)
    {
        var parts = block.ToString().Split('/');
        return Change.Replace(block, string.Create(CultureInfo.InvariantCulture, $"{parts[0]}/{int.Parse(parts[1], CultureInfo.InvariantCulture) + 1}"));
    }

    private static void Split(JsonObject peer)
    {
        var list = peer.Parent!.AsArray();
        foreach (var field in peer.Select(f => f.Key).Skip(1).ToList())
        {
            var value = peer[field]!.DeepClone();
            peer.Remove(field);
            list.Add(new JsonObject { [field] = value });
        }
    }

    private static void Join(JsonArray peers)
    {
        foreach (var (field, value) in peers[1]!.AsObject().ToList())
            peers[0]![field] = value!.DeepClone();
        peers.RemoveAt(1);
    }
}
