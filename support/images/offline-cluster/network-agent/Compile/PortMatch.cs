namespace SecuritySpecs.NetworkAgent.Compile;

/// <summary>Matches of destination ports, as nftables writes them.</summary>
internal static class PortMatch
{
    /// <summary>One match for each protocol, with a space at its end; a single empty one for all traffic (null).</summary>
    public static IEnumerable<string> Of(IEnumerable<PolicyPort>? ports) =>
        ports is null ? [""] : ports.GroupBy(p => p.Protocol).OrderBy(g => g.Key).Select(g => Match(Name(g.Key), g));

    private static string Match(string protocol, IEnumerable<PolicyPort> ports) =>
        ports.Any(p => p.Range is null)
            ? $"meta l4proto {protocol} "
            : Merge(ports.Select(p => p.Range!.Value)) is [var only] ? $"{protocol} dport {only} " : $"{protocol} dport {{ {string.Join(", ", Merge(ports.Select(p => p.Range!.Value)))} }} ";

    // Ranges that overlap are refused in a set.
    private static List<PortRange> Merge(IEnumerable<PortRange> ranges)
    {
        var merged = new List<PortRange>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (merged is [.., var last] && range.First <= last.Last + 1)
                merged[^1] = last with { Last = Math.Max(last.Last, range.Last) };
            else
                merged.Add(range);
        }
        return merged;
    }

    private static string Name(Protocol protocol) => protocol switch { Protocol.Tcp => "tcp", Protocol.Udp => "udp", _ => "sctp" };
}
