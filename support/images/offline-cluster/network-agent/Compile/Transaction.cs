namespace SecuritySpecs.NetworkAgent.Compile;

/// <summary>
/// The input of `nft -f -` that leads to a ruleset: one transaction, so that packets meet the old rules or the new and nothing between.
/// </summary>
internal static class Transaction
{
    /// <summary>The one table that is the agent's.</summary>
    public const string Table = "inet network_agent";

    // Two base chains, for an accept ends one and the packet still meets the other: both ends must agree.
    // At "forward", just before the filter rules: Services are already resolved to pods, same-node traffic comes by here too
    // (br_netfilter), and what the node itself sends to its pods does not.
    // A pod is never kept from itself, which it may reach through a Service. The cluster is IPv4: by its link-local IPv6 address,
    // which the kernel gives to every pod, a neighbour on the same bridge would be reached round every policy.
    private const string Frame =
        """
          map ingress { type ipv4_addr : verdict; }
          map egress { type ipv4_addr : verdict; }
          set self { type ipv4_addr . ipv4_addr; }
          chain from_pods {
            type filter hook forward priority -2; policy accept;
            meta nfproto ipv6 drop
            ct state established,related accept
            ip saddr . ip daddr @self accept
            ip saddr vmap @egress
          }
          chain to_pods {
            type filter hook forward priority -1; policy accept;
            ct state established,related accept
            ip saddr . ip daddr @self accept
            ip daddr vmap @ingress
          }

        """;

    /// <summary>Replaces the table, whatever is in it.</summary>
    public static string Replace(Ruleset rules)
    {
        var text = new StringBuilder($"table {Table} {{\n}}\ndelete table {Table}\n");
        AppendDefinitions(text, Frame, Ruleset.Empty, rules);
        AppendElements(text, "add", "ingress", rules.Ingress.Select(Verdict));
        AppendElements(text, "add", "egress", rules.Egress.Select(Verdict));
        AppendElements(text, "add", "self", Fenced(rules).Select(Self));
        return text.ToString();
    }

    /// <summary>
    /// Changes what differs and leaves all else as it is. Empty where nothing differs.
    /// A table replaced as a whole has a moment in which a packet under way finds neither map; so pods without a change never have one.
    /// </summary>
    public static string Change(Ruleset from, Ruleset to)
    {
        var text = new StringBuilder();
        AppendDefinitions(text, "", from, to);
        AppendElements(text, "add", "self", Fenced(to).Except(Fenced(from)).Select(Self));
        AppendMapChange(text, "ingress", from.Ingress, to.Ingress);
        AppendMapChange(text, "egress", from.Egress, to.Egress);
        AppendElements(text, "delete", "self", Fenced(from).Except(Fenced(to)).Select(Self));
        foreach (var chain in Gone(from.Profiles, to.Profiles).Concat(Gone(from.Chains, to.Chains)))
            text.Append($"flush chain {Table} {chain}\ndelete chain {Table} {chain}\n");
        foreach (var set in Gone(from.Sets, to.Sets))
            text.Append($"delete set {Table} {set}\n");
        return text.ToString();
    }

    private static void AppendDefinitions(StringBuilder text, string frame, Ruleset from, Ruleset to)
    {
        var definitions = new StringBuilder(frame);
        foreach (var (name, definition) in to.Sets.Where(s => !from.Sets.ContainsKey(s.Key)))
            definitions.Append($"  set {name} {{ {definition} }}\n");
        foreach (var (name, rules) in to.Chains.Where(c => !from.Chains.ContainsKey(c.Key)).Concat(to.Profiles.Where(p => !from.Profiles.ContainsKey(p.Key))))
            definitions.Append($"  chain {name} {{\n{rules}  }}\n");
        if (definitions.Length > 0)
            text.Append($"table {Table} {{\n{definitions}}}\n");
    }

    private static void AppendMapChange(StringBuilder text, string map, IReadOnlyDictionary<string, string> from, IReadOnlyDictionary<string, string> to)
    {
        AppendElements(text, "delete", map, from.Where(e => to.GetValueOrDefault(e.Key) != e.Value).Select(e => e.Key));
        AppendElements(text, "add", map, to.Where(e => from.GetValueOrDefault(e.Key) != e.Value).Select(Verdict));
    }

    private static void AppendElements(StringBuilder text, string verb, string set, IEnumerable<string> elements)
    {
        if (string.Join(", ", elements) is { Length: > 0 } list)
            text.Append($"{verb} element {Table} {set} {{ {list} }}\n");
    }

    private static IEnumerable<string> Gone(IReadOnlyDictionary<string, string> from, IReadOnlyDictionary<string, string> to) => from.Keys.Where(k => !to.ContainsKey(k));

    private static IEnumerable<string> Fenced(Ruleset rules) => rules.Ingress.Keys.Union(rules.Egress.Keys);

    private static string Verdict(KeyValuePair<string, string> element) => $"{element.Key} : goto {element.Value}";

    private static string Self(string address) => $"{address} . {address}";
}
