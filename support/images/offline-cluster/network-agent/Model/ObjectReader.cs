namespace SecuritySpecs.NetworkAgent.Model;

/// <summary>
/// Reads objects of the API as far as policies need them. Nothing in an object can make it fail. What it does not
/// understand of a policy closes rather than opens: a peer or port that makes no sense matches nothing, a pod
/// selector that makes no sense selects every pod of the policy's namespace.
/// </summary>
internal static class ObjectReader
{
    private static readonly Dictionary<string, string> NoLabels = [];
    private static readonly PolicyRule Nothing = new([], null);

    public static Space Namespace(JsonElement item) => new(item.At("metadata").Text("name"), Labels(item.At("metadata").At("labels")));

    public static Pod Pod(JsonElement item)
    {
        var (metadata, spec, status) = (item.At("metadata"), item.At("spec"), item.At("status"));
        var addresses = status.At("podIPs").Items().Select(ip => ip.Text("ip")).Append(status.Text("podIP"));
        return new Pod(
            metadata.Text("namespace"),
            metadata.Text("name"),
            metadata.Text("uid"),
            spec.Text("nodeName"),
            Labels(metadata.At("labels")),
            spec.At("hostNetwork").ValueKind == JsonValueKind.True,
            status.Text("phase") is "Succeeded" or "Failed",
            [.. addresses.Select(AddressSet.Address).OfType<uint>().Distinct()],
            [.. spec.At("containers").Items().Concat(spec.At("initContainers").Items().Where(IsSidecar)).SelectMany(c => c.At("ports").Items()).Select(NamedPort).OfType<NamedPort>()]);
    }

    public static NetworkPolicy Policy(JsonElement item)
    {
        var (metadata, spec) = (item.At("metadata"), item.At("spec"));
        var types = spec.At("policyTypes").Items().Select(t => t.Text()).ToList();
        var egress = spec.At("egress");
        // Unset, a policy is about ingress, and about egress only where it has rules for it.
        var isIngress = types.Count == 0 || types.Contains("Ingress");
        var isEgress = types.Count == 0 ? egress.Items().Any() : types.Contains("Egress");
        return new NetworkPolicy(
            metadata.Text("namespace"),
            metadata.Text("name"),
            Selector(spec.At("podSelector")) ?? LabelSelector.Everything,
            isIngress ? [.. spec.At("ingress").Items().Select(r => Rule(r, "from"))] : null,
            isEgress ? [.. egress.Items().Select(r => Rule(r, "to"))] : null);
    }

    private static PolicyRule Rule(JsonElement rule, string peers)
    {
        var (ends, ports) = (rule.At(peers), rule.At("ports"));
        if (rule.ValueKind != JsonValueKind.Object || !IsListOrUnset(ends) || !IsListOrUnset(ports))
            return Nothing;
        // An empty list means the same as none: everybody, everything.
        return new PolicyRule(
            ends.Items().Any() ? [.. ends.Items().Select(Peer).OfType<Peer>()] : null,
            ports.Items().Any() ? [.. ports.Items().Select(Port).OfType<PolicyPort>()] : null);
    }

    private static Peer? Peer(JsonElement peer)
    {
        var (pods, namespaces, block) = (peer.At("podSelector"), peer.At("namespaceSelector"), peer.At("ipBlock"));
        if (block.IsSet())
            return pods.IsSet() || namespaces.IsSet() ? null : Block(block);
        if (!pods.IsSet() && !namespaces.IsSet())
            return null;
        var (podSelector, namespaceSelector) = (Selector(pods), Selector(namespaces));
        return podSelector is null || namespaceSelector is null ? null : new PodPeer(namespaces.IsSet() ? namespaceSelector : null, podSelector);
    }

    private static BlockPeer? Block(JsonElement block)
    {
        var holes = block.At("except").Items().Select(e => AddressSet.Cidr(e.Text())).ToList();
        return AddressSet.Cidr(block.Text("cidr")) is { } range && IsListOrUnset(block.At("except")) && holes.TrueForAll(h => h is not null)
            ? new BlockPeer(AddressSet.Of([range]).Except(AddressSet.Of(holes.OfType<AddressRange>())))
            : null;
    }

    private static PolicyPort? Port(JsonElement port)
    {
        if (port.ValueKind != JsonValueKind.Object || Protocol(port) is not { } protocol)
            return null;
        var (number, end) = (port.At("port"), port.At("endPort"));
        if (!number.IsSet())
            return end.IsSet() ? null : new PolicyPort(protocol);
        if (number.ValueKind == JsonValueKind.String)
            return end.IsSet() || number.Text() is "" ? null : new PolicyPort(protocol, Name: number.Text());
        return Number(number) is { } first && (end.IsSet() ? Number(end) : first) is { } last && first <= last
            ? new PolicyPort(protocol, new PortRange(first, last))
            : null;
    }

    private static NamedPort? NamedPort(JsonElement port) =>
        port.Text("name") is { Length: > 0 } name && Number(port.At("containerPort")) is { } number && Protocol(port) is { } protocol
            ? new NamedPort(name, protocol, number)
            : null;

    // Such an init container runs beside the others, and its ports are the pod's.
    private static bool IsSidecar(JsonElement container) => container.Text("restartPolicy") == "Always";

    private static Protocol? Protocol(JsonElement port) => port.At("protocol").IsSet()
        ? port.Text("protocol") switch { "TCP" => Model.Protocol.Tcp, "UDP" => Model.Protocol.Udp, "SCTP" => Model.Protocol.Sctp, _ => null }
        : Model.Protocol.Tcp;

    private static ushort? Number(JsonElement number) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetUInt16(out var value) && value > 0 ? value : null;

    private static Dictionary<string, string> Labels(JsonElement labels) =>
        labels.ValueKind == JsonValueKind.Object ? labels.EnumerateObject().DistinctBy(l => l.Name).ToDictionary(l => l.Name, l => l.Value.Text()) : NoLabels;

    // Null for one that makes no sense.
    private static LabelSelector? Selector(JsonElement selector)
    {
        if (!selector.IsSet())
            return LabelSelector.Everything;
        var (equal, expressions) = (selector.At("matchLabels"), selector.At("matchExpressions"));
        if (selector.ValueKind != JsonValueKind.Object || (equal.IsSet() && equal.ValueKind != JsonValueKind.Object) || !IsListOrUnset(expressions))
            return null;
        var requirements = Labels(equal).Select(l => new LabelRequirement(l.Key, LabelOperator.In, [l.Value])).Concat(expressions.Items().Select(Requirement)).ToList();
        return requirements.Contains(null) ? null : new LabelSelector([.. requirements.OfType<LabelRequirement>()]);
    }

    private static LabelRequirement? Requirement(JsonElement expression)
    {
        LabelOperator? wanted = expression.Text("operator") switch
        {
            "In" => LabelOperator.In,
            "NotIn" => LabelOperator.NotIn,
            "Exists" => LabelOperator.Exists,
            "DoesNotExist" => LabelOperator.DoesNotExist,
            _ => null,
        };
        return wanted is { } known && expression.Text("key") is { Length: > 0 } key
            ? new LabelRequirement(key, known, [.. expression.At("values").Items().Select(v => v.Text())])
            : null;
    }

    private static bool IsListOrUnset(JsonElement element) => !element.IsSet() || element.ValueKind == JsonValueKind.Array;

    private static bool IsSet(this JsonElement element) => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A member; undefined where there is none, or where this is no object.</summary>
    public static JsonElement At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A string; empty for anything else.</summary>
    public static string Text(this JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : "";

    /// <summary>A member that is a string; empty for anything else.</summary>
    public static string Text(this JsonElement element, string name) => element.At(name).Text();

    /// <summary>The items of an array; none for anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];
}
