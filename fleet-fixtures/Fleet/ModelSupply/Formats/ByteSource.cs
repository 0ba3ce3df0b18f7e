using Microsoft.Win32.SafeHandles;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>Bytes that are read where they are, a piece at a time: a model has more of them than the memory.</summary>
internal abstract class ByteSource
{
    /// <summary>How many there are.</summary>
    public abstract long Length { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/> on, as far as there are bytes, and says how many these were.</summary>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>A part of them.</summary>
    public ByteSource Slice(long offset, long length) => offset >= 0 && length >= 0 && length <= Length - offset
        ? new Part(this, offset, length)
        : throw new ArgumentOutOfRangeException(nameof(length), $"{length} bytes at {offset} of {Length}");

    /// <summary>The first bytes, at most <paramref name="most"/>.</summary>
    public byte[] Head(int most)
    {
        var head = new byte[Math.Min(most, Length)];
        return Read(0, head) == head.Length ? head : throw new IOException("the file became shorter while it was read");
    }

    /// <summary>All of them; the caller has made sure that they are few.</summary>
    public byte[] All() => Head(checked((int)Length));

    private sealed class Part(ByteSource whole, long start, long length) : ByteSource
    {
        public override long Length => length;

        public override int Read(long offset, Span<byte> buffer) =>
            offset >= length ? 0 : whole.Read(start + offset, buffer[..(int)Math.Min(buffer.Length, length - offset)]);
    }
}

/// <summary>The bytes of an open file.</summary>
internal sealed class FileBytes(SafeFileHandle file) : ByteSource
{
    private readonly long _length = RandomAccess.GetLength(file);

    public override long Length => _length;

    public override int Read(long offset, Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && offset + read < _length && RandomAccess.Read(file, buffer[read..], offset + read) is > 0 and var more)
            read += more;
        return read;
    }
}

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryBytes(ReadOnlyMemory<byte> bytes) : ByteSource
{
    public override long Length => bytes.Length;

    public override int Read(long offset, Span<byte> buffer)
    {
        if (offset >= bytes.Length)
            return 0;
        var part = bytes.Span[(int)offset..];
        part = part[..Math.Min(part.Length, buffer.Length)];
        part.CopyTo(buffer);
        return part.Length;
    }
}
