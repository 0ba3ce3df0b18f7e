namespace SecuritySpecs.FleetProgram.Gpus;

/// <summary>One fake GPU.</summary>
/// <param name="Index">Its place in the node, from 0, as <c>nvidia-smi</c> counts.</param>
/// <param name="Uuid">Its name over the whole fleet, in NVIDIA's form <c>GPU-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx</c>.</param>
internal sealed record Gpu(int Index, string Uuid)
{
    /// <summary>The GPUs of a node. The same node has the same GPUs after every restart; two nodes share none.</summary>
    public static IReadOnlyList<Gpu> OfNode(string node, int count) =>
        [.. Enumerable.Range(0, count).Select(index => new Gpu(index, Name(node, index)))];

    private static string Name(string node, int index)
    {
        var hex = Fnv1a(string.Create(CultureInfo.InvariantCulture, $"{index}/{node}")).ToString("x32", CultureInfo.InvariantCulture);
        return $"GPU-{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }

    /// <summary>128-bit FNV-1a: a name is needed here and not a secret, and this loads no OpenSSL.</summary>
    private static UInt128 Fnv1a(string text)
    {
        var prime = new UInt128(0x0000000001000000, 0x000000000000013B);
        var hash = new UInt128(0x6C62272E07BB0142, 0x62B821756295C58D);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ octet) * prime);
        return hash;
    }
}
