using System.Buffers.Binary;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>Reads bytes one after another through a small buffer.</summary>
internal sealed class ByteReader
{
    private const int LargestBuffer = 16 * 1024;
    private readonly byte[] _buffer;
    private ByteSource _source;
    private long _bufferStart;
    private int _buffered;
    private int _next;

    /// <summary>Begins at the first byte of <paramref name="source"/>.</summary>
    public ByteReader(ByteSource source)
    {
        _source = source;
        _buffer = new byte[Math.Clamp(source.Length, 64, LargestBuffer)];
    }

    /// <summary>What is read.</summary>
    public ByteSource Source => _source;

    /// <summary>Where the next byte is.</summary>
    public long Position => _bufferStart + _next;

    /// <summary>How many bytes are left.</summary>
    public long Left => _source.Length - Position;

    /// <summary>Begins anew, at the first byte of another source.</summary>
    public void Restart(ByteSource source)
    {
        _source = source;
        (_bufferStart, _buffered, _next) = (0, 0, 0);
    }

    /// <summary>The next byte.</summary>
    /// <exception cref="EndOfStreamException">There is none.</exception>
    public byte Byte()
    {
        if (_next == _buffered)
            Fill();
        return _buffer[_next++];
    }

    /// <summary>Passes over bytes.</summary>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public void Skip(ulong count)
    {
        if (count > (ulong)Left)
            throw new EndOfStreamException();
        if (count <= (ulong)(_buffered - _next))
            _next += (int)count;
        else
            (_bufferStart, _buffered, _next) = (Position + (long)count, 0, 0);
    }

    /// <summary>The next bytes.</summary>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public void Fill(Span<byte> bytes)
    {
        foreach (ref var one in bytes)
            one = Byte();
    }

    /// <summary>A number of two bytes, the lowest first.</summary>
    public ushort UInt16()
    {
        Span<byte> bytes = stackalloc byte[2];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    /// <summary>A number of four bytes, the lowest first.</summary>
    public uint UInt32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>A number of eight bytes, the lowest first.</summary>
    public ulong UInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>The bytes up to the next line feed, which is passed over: at most as many as <paramref name="kept"/> holds are kept.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="EndOfStreamException">There is no line feed.</exception>
    public long Line(Span<byte> kept)
    {
        for (var length = 0L; ; length++)
        {
            var next = Byte();
            if (next == '\n')
                return length;
            if (length < kept.Length)
                kept[(int)length] = next;
        }
    }

    private void Fill()
    {
        _bufferStart += _buffered;
        _next = 0;
        _buffered = _source.Read(_bufferStart, _buffer);
        if (_buffered == 0)
            throw new EndOfStreamException();
    }
}
