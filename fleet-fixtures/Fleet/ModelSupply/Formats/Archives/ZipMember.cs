using static SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives.ZipDirectory;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

/// <summary>A member as the central directory describes it.</summary>
internal sealed record ZipEntry(string Name, byte[] RawName, int Flags, int Method, uint Crc, long Size, long Packed, long Offset)
{
    /// <summary>A folder has a name that ends so.</summary>
    public bool IsFolder => Name.EndsWith('/');

    /// <summary>The name for messages.</summary>
    public string Shown => Printable.Line(Name, 200);
}

/// <summary>A member's local header, which has to say what the central directory says: some loaders read the one, some the other.</summary>
internal static class ZipMember
{
    private const uint LocalSignature = 0x04034b50, DescriptorSignature = 0x08074b50;
    private const int LocalLength = 30;
    private const int HasDescriptor = 0x0008;

    // Bits 1 and 2 tell how hard deflate tried, bit 11 that the name is UTF-8. All others change how the bytes are to be read.
    private const int HarmlessFlags = HasDescriptor | 0x0806;

    /// <summary>The bytes of a member, and in <paramref name="end"/> where the next one has to begin.</summary>
    public static ByteSource Content(ByteSource file, ZipEntry entry, long limit, out long end)
    {
        if ((entry.Flags & ~HarmlessFlags) != 0)
            throw Refused($"member {entry.Shown} has the flags 0x{entry.Flags:x4}; loaders differ in what they make of 0x{entry.Flags & ~HarmlessFlags:x4}");
        if (entry.Method is not (0 or 8))
            throw Refused($"member {entry.Shown} is packed by method {entry.Method}; only stored (0) and deflated (8) ones are allowed");
        if (entry.Method == 0 && entry.Size != entry.Packed || entry.IsFolder && entry.Size != 0)
            throw Refused($"member {entry.Shown} is stored, and its two sizes differ: {entry.Size} and {entry.Packed}");
        if (limit - entry.Offset < LocalLength)
            throw Refused($"member {entry.Shown} is truncated");
        var header = Bytes(file, entry.Offset, LocalLength);
        int name = U16(header, 26), extra = U16(header, 28);
        if (U32(header, 0) != LocalSignature || limit - entry.Offset - LocalLength < name + extra)
            throw Refused($"member {entry.Shown} has no local header at byte {entry.Offset}");
        var rest = Bytes(file, entry.Offset + LocalLength, name + extra);
        if (!rest.AsSpan(0, name).SequenceEqual(entry.RawName))
            throw Refused($"member {entry.Shown} has another name in its local header: {Printable.Line(Encoding.UTF8.GetString(rest, 0, name), 200)}");
        CompareLocal(entry, header, rest.AsSpan(name));
        var start = entry.Offset + LocalLength + name + extra;
        if (entry.Packed > limit - start)
            throw Refused($"member {entry.Shown} is truncated: it claims {entry.Packed} bytes, and {limit - start} are there");
        end = start + entry.Packed;
        if ((entry.Flags & HasDescriptor) != 0)
            end += DescriptorLength(file, entry, end, limit);
        return file.Slice(start, entry.Packed);
    }

    private static void CompareLocal(ZipEntry entry, byte[] header, ReadOnlySpan<byte> extra)
    {
        if (U16(header, 6) != entry.Flags || U16(header, 8) != entry.Method)
            throw Refused($"member {entry.Shown} has other flags or another method in its local header");
        var (crc, packed, size, offset) = (U32(header, 14), (ulong)U32(header, 18), (ulong)U32(header, 22), 0UL);
        ZipExtra.Widen(extra, ref size, ref packed, ref offset);
        var isLater = (entry.Flags & HasDescriptor) != 0 && crc == 0 && packed == 0 && size == 0;
        if (!isLater && (crc != entry.Crc || packed != (ulong)entry.Packed || size != (ulong)entry.Size))
            throw Refused($"member {entry.Shown} has another CRC or other sizes in its local header");
    }

    // With or without a signature, with sizes of 4 or 8 bytes; PyTorch leaves it out behind an empty member.
    private static int DescriptorLength(ByteSource file, ZipEntry entry, long at, long limit)
    {
        var bytes = new byte[24];
        var read = file.Read(at, bytes.AsSpan(0, (int)Math.Min(bytes.Length, limit - at)));
        var skip = read >= 4 && U32(bytes, 0) == DescriptorSignature ? 4 : 0;
        if (read >= skip + 12 && U32(bytes, skip) == entry.Crc)
        {
            if (read >= skip + 20 && U64(bytes, skip + 4) == (ulong)entry.Packed && U64(bytes, skip + 12) == (ulong)entry.Size)
                return skip + 20;
            if (U32(bytes, skip + 4) == entry.Packed && U32(bytes, skip + 8) == entry.Size)
                return skip + 12;
        }
        return entry.Size == 0 && entry.Packed == 0 && skip == 0 ? 0 : throw Refused($"member {entry.Shown} has a data descriptor that differs from the directory");
    }
}

/// <summary>Names and extra fields of zip headers.</summary>
internal static class ZipExtra
{
    private const int Zip64 = 0x0001, UnicodePath = 0x7075;

    /// <summary>A member's name.</summary>
    public static string Name(ReadOnlySpan<byte> name) => System.Text.Unicode.Utf8.IsValid(name)
        ? Encoding.UTF8.GetString(name)
        : throw Refused($"the member {Convert.ToHexString(name)} (hex) has a name that is not UTF-8");

    /// <summary>Takes sizes from the zip64 field where the header has no room for them.</summary>
    public static void Widen(ReadOnlySpan<byte> extra, ref ulong size, ref ulong packed, ref ulong offset)
    {
        var seen = false;
        while (extra.Length >= 4)
        {
            int id = U16(extra, 0), length = U16(extra, 2);
            if (length > extra.Length - 4)
                throw Refused("an extra field is truncated");
            var field = extra.Slice(4, length);
            extra = extra[(4 + length)..];
            if (id == UnicodePath)
                throw Refused("a member has a second name in an extra field");
            if (id != Zip64)
                continue;
            if (seen)
                throw Refused("a member has two zip64 fields");
            seen = true;
            size = Wide(size, ref field);
            packed = Wide(packed, ref field);
            offset = Wide(offset, ref field);
        }
        if (extra.Length > 0 && extra.ContainsAnyExcept((byte)0))
            throw Refused("an extra field is truncated");
    }

    private static ulong Wide(ulong value, ref ReadOnlySpan<byte> field)
    {
        if (value != uint.MaxValue)
            return value;
        var wide = field.Length >= 8 ? U64(field, 0) : throw Refused("a zip64 field is truncated");
        field = field[8..];
        return wide;
    }
}
