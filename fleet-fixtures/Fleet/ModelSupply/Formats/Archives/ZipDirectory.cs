using System.Buffers.Binary;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

/// <summary>
/// The members of a zip archive (PKWARE's APPNOTE.TXT), where every reader sees the same ones: the central directory and the local
/// headers agree, the members lie behind each other without gaps or overlaps, and nothing is before, behind or between them.
/// </summary>
internal static class ZipDirectory
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "zip";

    private const uint EndSignature = 0x06054b50, End64Signature = 0x06064b50, Locator64Signature = 0x07064b50, CentralSignature = 0x02014b50;
    private const int EndLength = 22, Locator64Length = 20, End64Length = 56, CentralLength = 46;
    private const int MostMembers = 200_000;
    private const int MostTimesLarger = 100;
    private const int UnixTypeMask = 0xf000, UnixFile = 0x8000, UnixFolder = 0x4000, UnixLink = 0xa000;

    /// <summary>Whether a file begins like a zip archive with members.</summary>
    public static bool Fits(ReadOnlySpan<byte> head) => head.StartsWith("PK\u0003\u0004"u8);

    /// <summary>Reads the directory and checks every header.</summary>
    /// <exception cref="RefusedException">Readers may differ in what the archive holds, or it is a bomb.</exception>
    public static IReadOnlyList<ArchiveMember> Read(ByteSource file)
    {
        var (start, count, end) = End(file);
        var entries = Entries(file, start, count, end);
        var names = new MemberNames(What);
        var members = new List<ArchiveMember>();
        var next = 0L;
        var unpacked = 0L;
        foreach (var entry in entries.OrderBy(e => e.Offset))
        {
            if (entry.Offset != next)
                throw Refused($"member {entry.Shown} begins at byte {entry.Offset}; the one before it ends at {next}");
            names.Add(entry.Name, entry.IsFolder);
            var content = ZipMember.Content(file, entry, start, out next);
            unpacked += entry.Size;
            if (unpacked > MostTimesLarger * file.Length)
                throw Refused($"the members unpack to more than {MostTimesLarger} times the archive");
            if (!entry.IsFolder)
                members.Add(new(entry.Name, content, entry.Size, entry.Method != 0, entry.Crc));
        }
        names.MustDiffer();
        return next == start ? members : throw Refused($"the directory begins at byte {start}; the last member ends at {next}");
    }

    private static (long Start, long Count, long End) End(ByteSource file)
    {
        if (file.Length < EndLength)
            throw Refused($"truncated: {file.Length} bytes");
        var end = Bytes(file, file.Length - EndLength, EndLength);
        if (U32(end, 0) != EndSignature || U16(end, 20) != 0)
            throw Refused("truncated, or something follows the archive: its end record is not at the end of the file");
        if (U16(end, 4) != 0 || U16(end, 6) != 0 || U16(end, 8) != U16(end, 10))
            throw Refused("the archive has several disks");
        var (start, size, count, at) = ((long)U32(end, 16), (long)U32(end, 12), (long)U16(end, 10), file.Length - EndLength);
        var locator = at >= Locator64Length ? Bytes(file, at - Locator64Length, Locator64Length) : new byte[Locator64Length];
        if (U32(locator, 0) == Locator64Signature)
        {
            at -= Locator64Length + End64Length;
            var end64 = at >= 0 && U64(locator, 8) == (ulong)at ? Bytes(file, at, End64Length) : throw Refused("the zip64 end record is not before its locator");
            if (U32(end64, 0) != End64Signature || U64(end64, 4) != End64Length - 12 || U32(end64, 16) != 0 || U32(end64, 20) != 0 || U64(end64, 24) != U64(end64, 32))
                throw Refused("the zip64 end record is malformed");
            (start, size, count) = (Same(start, U64(end64, 48), uint.MaxValue), Same(size, U64(end64, 40), uint.MaxValue), Same(count, U64(end64, 32), ushort.MaxValue));
        }
        if (start > at || size != at - start)
            throw Refused($"the directory takes {size} bytes from {start} on; the end record is at {at}");
        return count <= MostMembers ? (start, count, at) : throw Refused($"{count} members; at most {MostMembers} are allowed");
    }

    // What the short record says, unless it says that the long one knows.
    private static long Same(long small, ulong large, long unknown) => large <= long.MaxValue && (small == unknown || (ulong)small == large)
        ? (long)large
        : throw Refused("the two end records differ");

    private static List<ZipEntry> Entries(ByteSource file, long at, long count, long end)
    {
        var entries = new List<ZipEntry>();
        for (var i = 0; i < count; i++)
        {
            var fixedPart = end - at >= CentralLength ? Bytes(file, at, CentralLength) : throw Refused("the directory is truncated");
            if (U32(fixedPart, 0) != CentralSignature)
                throw Refused($"the directory has no member at byte {at}");
            int name = U16(fixedPart, 28), extra = U16(fixedPart, 30), comment = U16(fixedPart, 32);
            if (end - at - CentralLength < name + extra + comment)
                throw Refused("the directory is truncated");
            var rest = Bytes(file, at + CentralLength, name + extra);
            entries.Add(Entry(fixedPart, rest.AsSpan(0, name), rest.AsSpan(name)));
            at += CentralLength + name + extra + comment;
        }
        return at == end ? entries : throw Refused($"the directory has {end - at} bytes behind its {count} members");
    }

    private static ZipEntry Entry(byte[] header, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        var (size, packed, offset) = ((ulong)U32(header, 24), (ulong)U32(header, 20), (ulong)U32(header, 42));
        ZipExtra.Widen(extra, ref size, ref packed, ref offset);
        var entry = new ZipEntry(ZipExtra.Name(name), name.ToArray(), U16(header, 8), U16(header, 10), U32(header, 16), (long)size, (long)packed, (long)offset);
        if (size > long.MaxValue || packed > long.MaxValue || offset > long.MaxValue)
            throw Refused($"member {entry.Shown} claims more bytes than a file can have");
        var type = U16(header, 40) & UnixTypeMask;
        if (type == UnixLink)
            throw Refused($"member {entry.Shown} is a link");
        if (type is not (0 or UnixFile or UnixFolder))
            throw Refused($"member {entry.Shown} is neither a file nor a folder");
        if (U16(header, 34) != 0)
            throw Refused($"member {entry.Shown} is on another disk");
        return entry;
    }

    internal static byte[] Bytes(ByteSource file, long at, int count)
    {
        var bytes = new byte[count];
        return file.Read(at, bytes) == count ? bytes : throw Refused("truncated");
    }

    internal static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    internal static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    internal static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    internal static RefusedException Refused(string why) => new(What, why);
}
