namespace SecuritySpecs.NetworkAgent.Model;

/// <summary>IPv4 addresses from one to another, both included, as numbers.</summary>
internal readonly record struct AddressRange(uint First, uint Last);

/// <summary>A set of IPv4 addresses: ranges in order that neither overlap nor touch.</summary>
internal sealed class AddressSet
{
    public static readonly AddressSet None = new([]);

    private AddressSet(IReadOnlyList<AddressRange> ranges) => Ranges = ranges;

    public IReadOnlyList<AddressRange> Ranges { get; }

    public bool IsEmpty => Ranges.Count == 0;

    public bool IsEverything => Ranges is [{ First: 0, Last: uint.MaxValue }];

    public static AddressSet Of(IEnumerable<AddressRange> ranges)
    {
        var merged = new List<AddressRange>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (merged is [.., var last] && range.First <= (ulong)last.Last + 1)
                merged[^1] = last with { Last = Math.Max(last.Last, range.Last) };
            else
                merged.Add(range);
        }
        return new AddressSet(merged);
    }

    public static AddressSet Of(IEnumerable<uint> addresses) => Of(addresses.Select(a => new AddressRange(a, a)));

    /// <summary>What this holds and another does not.</summary>
    public AddressSet Except(AddressSet other)
    {
        var left = new List<AddressRange>();
        foreach (var range in Ranges)
        {
            ulong next = range.First;
            foreach (var hole in other.Ranges.Where(h => h.First <= range.Last && h.Last >= range.First))
            {
                if (hole.First > next)
                    left.Add(new AddressRange((uint)next, hole.First - 1));
                next = (ulong)hole.Last + 1;
            }
            if (next <= range.Last)
                left.Add(new AddressRange((uint)next, range.Last));
        }
        return new AddressSet(left);
    }

    public bool Contains(uint address) => Ranges.Any(r => r.First <= address && address <= r.Last);

    /// <summary>An IPv4 address as a number; null for anything else.</summary>
    public static uint? Address(string? text) =>
        // Four parts: the parser takes 10.1 for 10.0.0.1 too.
        text is not null && text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out var ip) && ip.GetAddressBytes() is [var a, var b, var c, var d]
            ? (uint)(a << 24 | b << 16 | c << 8 | d)
            : null;

    /// <summary>A range in CIDR notation; null for anything else, IPv6 among it.</summary>
    public static AddressRange? Cidr(string? text)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || Address(text![..slash]) is not { } address
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > 32)
            return null;
        var mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        return new AddressRange(address & mask, address | ~mask);
    }

    public static string Text(uint address) => $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}";

    /// <summary>As nftables writes it: addresses and ranges, comma-separated.</summary>
    public override string ToString() => string.Join(", ", Ranges.Select(r => r.First == r.Last ? Text(r.First) : $"{Text(r.First)}-{Text(r.Last)}"));
}
