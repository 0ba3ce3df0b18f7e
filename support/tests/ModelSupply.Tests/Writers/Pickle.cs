using System.Buffers.Binary;

namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Writers;

/// <summary>Writes pickles opcode by opcode, also those that no pickler writes.</summary>
internal sealed class Pickle
{
    private readonly List<byte> _bytes = [];

    /// <summary>What was written.</summary>
    public byte[] Bytes => [.. _bytes];

    public static Pickle Protocol(byte protocol) => new Pickle().Raw(0x80, protocol);

    public Pickle Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Opcodes and arguments that are ASCII.</summary>
    public Pickle Text(string ascii) => Raw(Encoding.Latin1.GetBytes(ascii));

    public Pickle Global(string module, string name) => Raw([(byte)'c', .. Encoding.UTF8.GetBytes($"{module}\n{name}\n")]);

    public Pickle StackGlobal(string module, string name) => Short(module).Short(name).Raw(0x93);

    /// <summary>SHORT_BINUNICODE.</summary>
    public Pickle Short(string text) => Raw([0x8c, (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>BINUNICODE.</summary>
    public Pickle Unicode(string text) => Raw([(byte)'X', .. Number(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>BINUNICODE8.</summary>
    public Pickle Unicode8(string text) => Raw([0x8d, .. Number(Encoding.UTF8.GetByteCount(text)), 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>BINBYTES.</summary>
    public Pickle Binary(byte[] bytes) => Raw([(byte)'B', .. Number(bytes.Length), .. bytes]);

    /// <summary>BINBYTES8 or, with another opcode, BYTEARRAY8.</summary>
    public Pickle Binary8(byte[] bytes, byte opcode = 0x8e) => Raw([opcode, .. Number(bytes.Length), 0, 0, 0, 0, .. bytes]);

    /// <summary>BININT.</summary>
    public Pickle Int(int number) => Raw([(byte)'J', .. Number(number)]);

    public Pickle Memoize() => Raw(0x94);

    public Pickle BinPut(byte place) => Raw((byte)'q', place);

    public Pickle BinGet(byte place) => Raw((byte)'h', place);

    /// <summary>FRAME around what <paramref name="inner"/> writes.</summary>
    public Pickle Frame(Action<Pickle> inner)
    {
        var framed = new Pickle();
        inner(framed);
        var bytes = framed.Bytes;
        return Raw([0x95, .. Number(bytes.Length), 0, 0, 0, 0, .. bytes]);
    }

    /// <summary>REDUCE of what is below with one short text.</summary>
    public Pickle Call(string argument) => Short(argument).Raw(0x85).Text("R");

    public byte[] Stop() => Text(".").Bytes;

    /// <summary>A number of four bytes, the lowest first.</summary>
    public static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
