using FsCheck;
using FsCheck.Fluent;

namespace SecuritySpecs.Network.Tests;

/// <summary>
/// Labels for the pods and namespaces of a group, and policies about them: out of a small vocabulary, so that they meet.
/// </summary>
/// <param name="PodLabels">By pod.</param>
/// <param name="NamespaceLabels">By namespace.</param>
/// <param name="Policies">The namespace's number, and the policy's spec.</param>
internal sealed record PolicySet(IReadOnlyList<JsonObject> PodLabels, IReadOnlyList<JsonObject> NamespaceLabels, IReadOnlyList<(int Namespace, JsonObject Spec)> Policies)
{
    private static readonly (string Key, string[] Values)[] PodVocabulary = [("role", ["web", "db", "client"]), ("tier", ["x", "y"])];
    private static readonly (string Key, string[] Values)[] NamespaceVocabulary = [("team", ["red", "green"]), ("stage", ["live", "test"])];

    /// <summary>Random sets for a group.</summary>
    /// <param name="those">Whose pods the blocks of addresses are about.</param>
    public static Gen<PolicySet> About(PodGroup those) =>
        from pods in Gen.CollectToList(those.Pods, _ => Labels(PodVocabulary))
        from namespaces in Gen.CollectToList(those.Namespaces, _ => Labels(NamespaceVocabulary))
        from count in Gen.Choose(1, 5)
        from policies in Gen.CollectToList(Enumerable.Range(0, count), _ => from n in Gen.Choose(0, those.Namespaces.Count - 1) from spec in Spec(those) select (n, spec))
        select new PolicySet([.. pods], [.. namespaces], [.. policies]);

    /// <summary>Smaller sets: with one thing less somewhere. The API server may refuse what is left.</summary>
    public IEnumerable<PolicySet> Smaller()
    {
        for (var i = 0; i < Policies.Count; i++)
            yield return this with { Policies = [.. Policies.Where((_, j) => j != i)] };
        for (var i = 0; i < Policies.Count; i++)
        {
            foreach (var spec in Pruned(Policies[i].Spec))
                yield return this with { Policies = [.. Policies.Select((p, j) => j == i ? (p.Namespace, spec.AsObject()) : p)] };
        }

        for (var i = 0; i < PodLabels.Count; i++)
        {
            foreach (var labels in Pruned(PodLabels[i]))
                yield return this with { PodLabels = [.. PodLabels.Select((l, j) => j == i ? labels.AsObject() : l)] };
        }

        for (var i = 0; i < NamespaceLabels.Count; i++)
        {
            foreach (var labels in Pruned(NamespaceLabels[i]))
                yield return this with { NamespaceLabels = [.. NamespaceLabels.Select((l, j) => j == i ? labels.AsObject() : l)] };
        }
    }

    public override string ToString() => string.Join('\n',
        [.. Policies.Select(p => $"  policy in namespace {p.Namespace}: {p.Spec.ToJsonString()}"),
        $"  labels of pods: {string.Join(' ', PodLabels.Select(l => l.ToJsonString()))}", $"  labels of namespaces: {string.Join(' ', NamespaceLabels.Select(l => l.ToJsonString()))}"]);

    // Each copy lacks one property or one item, the outermost first.
    private static IEnumerable<JsonNode> Pruned(JsonNode node)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, _) in map)
                yield return Changed(node, n => n.AsObject().Remove(key));
            foreach (var (key, value) in map)
            {
                foreach (var smaller in value is null ? [] : Pruned(value))
                    yield return Changed(node, n => n[key] = smaller);
            }
        }
        else if (node is JsonArray list)
        {
            for (var i = 0; i < list.Count; i++)
                yield return Changed(node, n => n.AsArray().RemoveAt(i));
            for (var i = 0; i < list.Count; i++)
            {
                foreach (var smaller in Pruned(list[i]!))
                    yield return Changed(node, n => n[i] = smaller);
            }
        }
    }

    private static JsonNode Changed(JsonNode node, Action<JsonNode> change)
    {
        var copy = node.DeepClone();
        change(copy);
        return copy;
    }

    private static Gen<JsonObject> Labels((string Key, string[] Values)[] vocabulary) =>
        Gen.CollectToList(vocabulary, word => Maybe(80, Gen.Elements(word.Values)).Select(v => (word.Key, Value: v)))
            .Select(labels => Object([.. labels.Where(l => l.Value is not null).Select(l => (l.Key, (JsonNode?)l.Value))]));

    private static Gen<JsonObject> Spec(PodGroup those) =>
        from pods in Selector(PodVocabulary)
        from types in Gen.Frequency((25, Gen.Constant<string[]?>(null)), (20, Gen.Constant<string[]?>(["Ingress"])), (20, Gen.Constant<string[]?>(["Egress"])), (35, Gen.Constant<string[]?>(["Ingress", "Egress"])))
        from ingress in Rules(those, "from")
        from egress in Rules(those, "to")
        select Object(("podSelector", pods), ("policyTypes", types is null ? null : Texts(types)), ("ingress", ingress), ("egress", egress));

    private static Gen<JsonArray?> Rules(PodGroup those, string peers) => Gen.Frequency(
        (20, Gen.Constant<JsonArray?>(null)), (5, Gen.Constant<JsonArray?>([])), (75, Few(Rule(those, peers)).Select(l => (JsonArray?)l)));

    private static Gen<JsonObject> Rule(PodGroup those, string peers) =>
        from items in Gen.Frequency((15, Gen.Constant<JsonArray?>(null)), (5, Gen.Constant<JsonArray?>([])), (80, Few(Peer(those)).Select(l => (JsonArray?)l)))
        from ports in Maybe(60, Few(Port))
        select Object((peers, items), ("ports", ports));

    private static Gen<JsonObject> Peer(PodGroup those) => Gen.Frequency(
        (30, Selector(PodVocabulary).Select(p => Object(("podSelector", p)))),
        (20, Selector(NamespaceVocabulary).Select(n => Object(("namespaceSelector", n)))),
        (25, from n in Selector(NamespaceVocabulary) from p in Selector(PodVocabulary) select Object(("namespaceSelector", n), ("podSelector", p))),
        (25, Block(those).Select(b => Object(("ipBlock", b)))));

    // What is excepted must be a part of the block, and smaller.
    private static Gen<JsonObject> Block(PodGroup those) =>
        from bits in Gen.Elements(0, 16, 24, 29, 30, 31, 32)
        from pod in Gen.Elements<GroupPod>(those.Pods)
        from exceptBits in Gen.Elements(30, 31, 32)
        from excepted in Gen.Elements<GroupPod>(those.Pods)
        from wanted in Gen.Elements(true, true, false)
        let block = Cidr.Of(pod.Address, bits)
        let hole = Cidr.Of(excepted.Address, exceptBits)
        select Object(("cidr", block), ("except", wanted && exceptBits > bits && Cidr.Of(excepted.Address, bits) == block ? Texts([hole]) : null));

    private static Gen<JsonObject> Port => Gen.Frequency(
        (15, Protocol.Select(p => Object(("protocol", p)))),
        (35, from n in Gen.Elements(8080, 8081, 9) from p in Protocol select Object(("protocol", p), ("port", n))),
        (30, from n in Gen.Elements(PodGroup.PortNames) from p in Protocol select Object(("protocol", p), ("port", n))),
        (20, from range in Gen.Elements((1, 8080), (8080, 8081), (8081, 65535), (1, 9)) from p in Protocol select Object(("protocol", p), ("port", range.Item1), ("endPort", range.Item2))));

    private static Gen<string?> Protocol => Gen.Frequency((30, Gen.Constant<string?>(null)), (35, Gen.Constant<string?>("TCP")), (30, Gen.Constant<string?>("UDP")), (5, Gen.Constant<string?>("SCTP")));

    private static Gen<JsonObject> Selector((string Key, string[] Values)[] vocabulary) => Gen.Frequency(
        (25, Gen.Constant(Object())),
        (40, Label(vocabulary).Select(l => Object(("matchLabels", l)))),
        (30, Few(Expression(vocabulary)).Select(e => Object(("matchExpressions", e)))),
        (5, from l in Label(vocabulary) from e in Few(Expression(vocabulary)) select Object(("matchLabels", l), ("matchExpressions", e))));

    private static Gen<JsonObject> Label((string Key, string[] Values)[] vocabulary) =>
        from word in Gen.Elements(vocabulary) from value in Gen.Elements(word.Values) select Object((word.Key, value));

    private static Gen<JsonObject> Expression((string Key, string[] Values)[] vocabulary) =>
        from word in Gen.Elements(vocabulary)
        from @operator in Gen.Elements("In", "NotIn", "Exists", "DoesNotExist")
        from values in Gen.Choose(1, 2).SelectMany(n => Gen.Elements(word.Values).ArrayOf(n))
        select Object(("key", word.Key), ("operator", @operator), ("values", @operator.EndsWith("In", StringComparison.Ordinal) ? Texts(values) : null));

    private static Gen<JsonArray> Few(Gen<JsonObject> one) => Gen.Choose(1, 2).SelectMany(one.ArrayOf).Select(items => new JsonArray([.. items.Select(i => i.DeepClone())]));

    private static Gen<T?> Maybe<T>(int percent, Gen<T> one) where T : class =>
        Gen.Frequency((percent, one.Select(v => (T?)v)), (100 - percent, Gen.Constant<T?>(null)));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Distinct().Select(t => JsonValue.Create(t))]);

    // A fresh copy of everything: FsCheck may use a generated value twice, and a JSON node has one parent.
    private static JsonObject Object(params (string Key, JsonNode? Value)[] fields) =>
        new(fields.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value!.DeepClone())));
}
