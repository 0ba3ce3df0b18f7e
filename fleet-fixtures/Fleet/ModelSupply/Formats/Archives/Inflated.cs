using System.IO.Compression;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Archives;

/// <summary>Unpacks a member into memory, within bounds.</summary>
internal static class Inflated
{
    private const int MostTimesLarger = 6;
    private const int AlwaysAllowed = 64 * 1024;

    /// <summary>The unpacked bytes, whose number and CRC-32 are as the directory says.</summary>
    /// <exception cref="RefusedException">They are not, or it would be too much.</exception>
    public static ByteSource Of(ArchiveMember member)
    {
        // What we hold in memory stays below ten times of what came.
        if (member.Size > Math.Max(AlwaysAllowed, MostTimesLarger * member.Content.Length))
            throw Refused(member, $"unpacks to {member.Size} bytes, more than {MostTimesLarger} times its own size; it is not analysed");
        var bytes = new byte[member.Size];
        try
        {
            using var inflate = new DeflateStream(new SourceStream(member.Content), CompressionMode.Decompress);
            if (inflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) != bytes.Length || inflate.ReadByte() >= 0)
                throw Refused(member, "unpacks to another size than the directory says");
        }
        catch (InvalidDataException)
        {
            throw Refused(member, "cannot be unpacked");
        }
        return new MemoryBytes(bytes);
    }

    /// <summary>Compares the CRC-32 of a member's bytes.</summary>
    /// <exception cref="RefusedException">It is another: some readers stop there, and the loader does not.</exception>
    public static void CheckCrc(ArchiveMember member, ByteSource bytes)
    {
        if (member.Crc is { } crc && Crc32.Of(bytes) is var seen && seen != crc)
            throw Refused(member, $"has the CRC-32 {seen:x8}, and the directory says {crc:x8}");
    }

    private static RefusedException Refused(ArchiveMember member, string why) => new(ZipDirectory.What, $"member {Printable.Line(member.Name, 200)} {why}");

    private sealed class SourceStream(ByteSource source) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => source.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(Position, buffer);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>CRC-32 as zip uses it.</summary>
internal static class Crc32
{
    private static readonly uint[] s_table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <summary>The CRC-32 of all bytes.</summary>
    public static uint Of(ByteSource source)
    {
        var buffer = new byte[Math.Clamp(source.Length, 1, 16 * 1024)];
        var crc = uint.MaxValue;
        for (long at = 0; source.Read(at, buffer) is > 0 and var read; at += read)
        {
            foreach (var one in buffer.AsSpan(0, read))
                crc = s_table[(crc ^ one) & 0xff] ^ crc >> 8;
        }
        return ~crc;
    }

    private static uint Entry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++)
            entry = (entry & 1) != 0 ? 0xedb88320 ^ entry >> 1 : entry >> 1;
        return entry;
    }
}
