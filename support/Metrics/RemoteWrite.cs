using System.Buffers.Binary;

namespace SecuritySpecs.Metrics;

/// <summary>The body of a remote-write request (version 1): one sample of one series, as protobuf in snappy's block format.</summary>
internal static class RemoteWrite
{
    /// <summary>Writes it.</summary>
    /// <param name="labels">The series' labels, <c>__name__</c> among them.</param>
    /// <param name="value">The sample.</param>
    /// <param name="at">Its time.</param>
    public static byte[] Body(IReadOnlyDictionary<string, string> labels, double value, DateTimeOffset at)
    {
        var series = new List<byte>();
        foreach (var (name, text) in labels.OrderBy(l => l.Key, StringComparer.Ordinal)) // Prometheus wants them sorted
            series.AddRange(Field(1, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, Encoding.UTF8.GetBytes(text))]));
        var number = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, value);
        series.AddRange(Field(2, [(1 << 3) | 1, .. number, 2 << 3, .. Varint((ulong)at.ToUnixTimeMilliseconds())]));
        return Snappy(Field(1, [.. series]));
    }

    // A field of protobuf with a length.
    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), .. Varint((ulong)content.Length), .. content];

    // Uncompressed: the whole length, then literals of at most 60 bytes, whose length stands in their tag.
    private static byte[] Snappy(byte[] content) => [.. Varint((ulong)content.Length), .. content.Chunk(60).SelectMany(c => (byte[])[(byte)((c.Length - 1) << 2), .. c])];

    private static IEnumerable<byte> Varint(ulong number)
    {
        for (; number > 0x7f; number >>= 7)
            yield return (byte)(number | 0x80);
        yield return (byte)number;
    }
}
