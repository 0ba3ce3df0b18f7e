using System.IO.Compression;
using SecuritySpecs.FleetProgram.ModelSupply.Formats;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Writers;

/// <summary>A member of a zip archive, honest unless told otherwise.</summary>
internal sealed record ZipItem(string Name, byte[] Content)
{
    /// <summary>Compressed.</summary>
    public bool Deflate { get; init; }

    /// <summary>The flags in both headers.</summary>
    public ushort Flags { get; init; }

    /// <summary>The flags in the local header, where they differ.</summary>
    public ushort? LocalFlags { get; init; }

    /// <summary>The name in the local header, where it differs.</summary>
    public string? LocalName { get; init; }

    /// <summary>The method in both headers, where it is another.</summary>
    public ushort? Method { get; init; }

    /// <summary>The CRC-32 in both headers, where it is another.</summary>
    public uint? Crc { get; init; }

    /// <summary>The CRC-32 in the local header, where it differs.</summary>
    public uint? LocalCrc { get; init; }

    /// <summary>The unpacked size that the headers claim, where it is another.</summary>
    public uint? Size { get; init; }

    /// <summary>Unix' mode in the directory.</summary>
    public ushort Mode { get; init; }

    /// <summary>Extra fields of the local header: PyTorch pads with them.</summary>
    public byte[] Extra { get; init; } = [];

    /// <summary>Extra fields of the directory.</summary>
    public byte[] CentralExtra { get; init; } = [];

    /// <summary>The descriptor's CRC-32, where it differs.</summary>
    public uint? DescriptorCrc { get; init; }

    /// <summary>Whether the directory points to the local header of the first member.</summary>
    public bool PointsToFirst { get; init; }

    /// <summary>Written with sizes behind the bytes, as PyTorch does (flag 3).</summary>
    public bool Streamed => (Flags & 8) != 0;
}

/// <summary>Writes zip archives, also those that no archiver writes.</summary>
internal static class Zip
{
    /// <summary>An archive of stored members.</summary>
    public static byte[] Of(params ZipItem[] items) => Write(items);

    /// <summary>What torch.save writes: stored, padded to 64 bytes, sizes behind the bytes.</summary>
    public static byte[] Torch(byte[] dataPkl, params ZipItem[] more) => Of(
    [
        TorchItem("model/data.pkl", dataPkl), TorchItem("model/byteorder", "little"u8.ToArray()), TorchItem("model/data/0", new byte[64]),
        TorchItem("model/version", "3\n"u8.ToArray()), TorchItem("model/.data/serialization_id", "0123456789"u8.ToArray()), .. more,
    ]);

    public static ZipItem TorchItem(string name, byte[] content) => new(name, content) { Flags = 0x0808, Extra = [(byte)'F', (byte)'B', 6, 0, .. "ZZZZZZ"u8] };

    public static byte[] Write(ZipItem[] items, byte[]? before = null, byte[]? after = null, byte[]? comment = null, int? count = null, bool zip64 = false)
    {
        using var bytes = new MemoryStream();
        using var zip = new BinaryWriter(bytes);
        zip.Write(before ?? []);
        var offsets = new List<uint>();
        foreach (var item in items)
        {
            offsets.Add((uint)bytes.Position);
            WriteLocal(zip, item);
        }
        zip.Write(after ?? []);
        var start = (uint)bytes.Position;
        for (var i = 0; i < items.Length; i++)
            WriteCentral(zip, items[i], items[i].PointsToFirst ? offsets[0] : offsets[i]);
        var size = (uint)bytes.Position - start;
        var entries = count ?? items.Length;
        if (zip64)
            WriteEnd64(zip, bytes, entries, size, start);
        zip.Write("PK\u0005\u0006"u8);
        zip.Write(0);
        zip.Write((ushort)(zip64 ? 0xffff : entries));
        zip.Write((ushort)(zip64 ? 0xffff : entries));
        zip.Write(zip64 ? uint.MaxValue : size);
        zip.Write(zip64 ? uint.MaxValue : start);
        zip.Write((ushort)(comment?.Length ?? 0));
        zip.Write(comment ?? []);
        return bytes.ToArray();
    }

    private static void WriteEnd64(BinaryWriter zip, MemoryStream bytes, long entries, long size, long start)
    {
        var at = bytes.Position;
        zip.Write("PK\u0006\u0006"u8);
        zip.Write(44L);
        zip.Write((ushort)45);
        zip.Write((ushort)45);
        zip.Write(0L);
        zip.Write(entries);
        zip.Write(entries);
        zip.Write(size);
        zip.Write(start);
        zip.Write("PK\u0006\u0007"u8);
        zip.Write(0);
        zip.Write(at);
        zip.Write(1);
    }

    private static void WriteLocal(BinaryWriter zip, ZipItem item)
    {
        var (packed, name) = (Packed(item), Encoding.UTF8.GetBytes(item.LocalName ?? item.Name));
        zip.Write("PK\u0003\u0004"u8);
        zip.Write((ushort)20);
        zip.Write(item.LocalFlags ?? item.Flags);
        zip.Write(Method(item));
        zip.Write(0);
        zip.Write(item.Streamed ? 0 : item.LocalCrc ?? Crc(item));
        zip.Write(item.Streamed ? 0 : (uint)packed.Length);
        zip.Write(item.Streamed ? 0 : Size(item));
        zip.Write((ushort)name.Length);
        zip.Write((ushort)item.Extra.Length);
        zip.Write(name);
        zip.Write(item.Extra);
        zip.Write(packed);
        if (!item.Streamed || item.Content.Length == 0)
            return;
        zip.Write("PK\u0007\u0008"u8);
        zip.Write(item.DescriptorCrc ?? Crc(item));
        zip.Write((uint)packed.Length);
        zip.Write(Size(item));
    }

    private static void WriteCentral(BinaryWriter zip, ZipItem item, uint offset)
    {
        var (packed, name) = (Packed(item), Encoding.UTF8.GetBytes(item.Name));
        zip.Write("PK\u0001\u0002"u8);
        zip.Write((ushort)0x0314);
        zip.Write((ushort)20);
        zip.Write(item.Flags);
        zip.Write(Method(item));
        zip.Write(0);
        zip.Write(Crc(item));
        zip.Write((uint)packed.Length);
        zip.Write(Size(item));
        zip.Write((ushort)name.Length);
        zip.Write((ushort)item.CentralExtra.Length);
        zip.Write((ushort)0);
        zip.Write((ushort)0);
        zip.Write((ushort)0);
        zip.Write((uint)item.Mode << 16);
        zip.Write(offset);
        zip.Write(name);
        zip.Write(item.CentralExtra);
    }

    private static ushort Method(ZipItem item) => item.Method ?? (ushort)(item.Deflate ? 8 : 0);

    private static uint Size(ZipItem item) => item.Size ?? (uint)item.Content.Length;

    private static uint Crc(ZipItem item) => item.Crc ?? Formats.Archives.Crc32.Of(new MemoryBytes(item.Content));

    private static byte[] Packed(ZipItem item)
    {
        if (!item.Deflate)
            return item.Content;
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, CompressionLevel.SmallestSize))
            deflate.Write(item.Content);
        return bytes.ToArray();
    }
}
