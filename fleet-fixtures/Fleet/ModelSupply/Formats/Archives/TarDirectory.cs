namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

/// <summary>
/// The members of a tar archive (POSIX ustar, with GNU's long names and pax paths): files and folders with plain names, and nothing else.
/// </summary>
internal static class TarDirectory
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "tar";

    private const int Block = 512;
    private const int MostMembers = 200_000;
    private const int LongestExtension = 64 * 1024;
    private const int NameLength = 100, SizeAt = 124, SizeLength = 12, ChecksumAt = 148, ChecksumLength = 8, TypeAt = 156, MagicAt = 257, PrefixAt = 345, PrefixLength = 155;

    /// <summary>Whether a file begins like a tar archive.</summary>
    public static bool Fits(ReadOnlySpan<byte> head) => head.Length >= Block && head[MagicAt..].StartsWith("ustar"u8);

    /// <summary>Reads all headers.</summary>
    /// <exception cref="RefusedException">A member is a link or a device, leaves the archive, or is truncated.</exception>
    public static IReadOnlyList<ArchiveMember> Read(ByteSource file)
    {
        var members = new List<ArchiveMember>();
        var names = new MemberNames(What);
        var header = new byte[Block];
        string? longName = null;
        var at = 0L;
        while (file.Read(at, header) == Block && header.AsSpan().ContainsAnyExcept((byte)0))
        {
            if (Octal(header.AsSpan(ChecksumAt, ChecksumLength), at) != Checksum(header))
                throw Refused($"the header at byte {at} has a wrong checksum");
            var size = Octal(header.AsSpan(SizeAt, SizeLength), at);
            if (size > file.Length - at - Block)
                throw Refused($"truncated: the member at byte {at} claims {size} bytes");
            var content = file.Slice(at + Block, size);
            var type = (char)header[TypeAt];
            switch (type)
            {
                case 'L':
                    longName = Text(Small(content, at));
                    break;
                case 'x':
                    longName = PaxPath(Small(content, at), at);
                    break;
                case '0' or '\0' or '5':
                    var name = longName ?? Name(header);
                    longName = null;
                    var isFolder = type == '5' || name.EndsWith('/');
                    if (isFolder && size > 0)
                        throw Refused($"member {Printable.Line(name, 200)} is a folder with content");
                    if (!(isFolder && name.TrimEnd('/') == "."))
                        names.Add(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name, isFolder);
                    if (!isFolder)
                        members.Add(new(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name, content, size));
                    break;
                case '1' or '2':
                    throw Refused($"member {Printable.Line(longName ?? Name(header), 200)} is a link to {Printable.Line(Text(header.AsSpan(157, NameLength)), 200)}");
                default:
                    throw Refused($"member {Printable.Line(longName ?? Name(header), 200)} is of type '{Printable.Line(type.ToString(), 10)}': neither a file nor a folder");
            }
            if (members.Count > MostMembers)
                throw Refused($"more than {MostMembers} members");
            at += Block + (size + Block - 1) / Block * Block;
        }
        names.MustDiffer();
        if (at >= file.Length)
            throw Refused("truncated: the two empty blocks at the end are missing");
        for (; file.Read(at, header) is > 0 and var read; at += read)
        {
            if (header.AsSpan(0, read).ContainsAnyExcept((byte)0))
                throw Refused($"something follows the end of the archive, at byte {at}");
        }
        return members;
    }

    private static byte[] Small(ByteSource content, long at) => content.Length <= LongestExtension
        ? content.All()
        : throw Refused($"the header at byte {at} has {content.Length} bytes of extensions; at most {LongestExtension} are allowed");

    // Records "LENGTH KEY=VALUE\n": only those that change nothing but the path and times are understood.
    private static string? PaxPath(ReadOnlySpan<byte> records, long at)
    {
        string? path = null;
        while (records.Length > 0)
        {
            var space = records.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length <= space + 1 || length > records.Length)
                throw Refused($"the pax header at byte {at} is malformed");
            var pair = Encoding.UTF8.GetString(records[(space + 1)..length]).TrimEnd('\n').Split('=', 2);
            records = records[length..];
            if (pair[0] == "path" && pair.Length == 2 && path is null)
                path = pair[1];
            else if (pair[0] is not ("mtime" or "atime" or "ctime" or "uid" or "gid" or "uname" or "gname" or "comment"))
                throw Refused($"the pax header at byte {at} sets {Printable.Line(pair[0], 50)}");
        }
        return path;
    }

    private static string Name(ReadOnlySpan<byte> header)
    {
        var (name, prefix) = (Text(header[..NameLength]), Text(header.Slice(PrefixAt, PrefixLength)));
        // GNU's format has times where ustar has the prefix.
        return prefix.Length > 0 && header[MagicAt + 5] == 0 ? $"{prefix}/{name}" : name;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private static long Octal(ReadOnlySpan<byte> field, long at)
    {
        var number = 0L;
        foreach (var digit in field.Trim(" \0"u8))
            number = digit is >= (byte)'0' and <= (byte)'7' ? number * 8 + digit - '0' : throw Refused($"the header at byte {at} has a number that is not octal");
        return number;
    }

    private static long Checksum(ReadOnlySpan<byte> header)
    {
        var sum = 0L;
        for (var i = 0; i < Block; i++)
            sum += i is >= ChecksumAt and < ChecksumAt + ChecksumLength ? ' ' : header[i];
        return sum;
    }

    private static RefusedException Refused(string why) => new(What, why);
}
