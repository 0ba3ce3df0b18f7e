using System.Buffers.Binary;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// Checks a safetensors file as its reference implementation does (huggingface/safetensors, <c>safetensors/src/tensor.rs</c>), and is
/// stricter where parsers differ: a name that is there twice and fields that nobody knows are refused.
/// </summary>
internal static class SafetensorsFile
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "safetensors";

    private const int LengthBytes = 8;
    private const long LongestHeader = 100_000_000;

    // The bits of one number of each type.
    private static readonly (string Type, ulong Bits)[] s_bits =
    [
        ("BOOL", 8), ("U8", 8), ("I8", 8), ("F8_E5M2", 8), ("F8_E4M3", 8), ("F8_E8M0", 8), ("F4", 4), ("F6_E2M3", 6), ("F6_E3M2", 6),
        ("U16", 16), ("I16", 16), ("F16", 16), ("BF16", 16), ("U32", 32), ("I32", 32), ("F32", 32),
        ("U64", 64), ("I64", 64), ("F64", 64), ("C64", 64),
    ];

    /// <summary>Checks a whole file.</summary>
    /// <exception cref="RefusedException">It is not a safetensors file, or not one that every parser reads in the same way.</exception>
    public static void Check(ByteSource file)
    {
        if (file.Length < LengthBytes)
            throw Refused($"truncated: a header's length takes {LengthBytes} bytes, the file has {file.Length}");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(file.Head(LengthBytes));
        if (length > LongestHeader)
            throw Refused($"the header claims {length} bytes; at most {LongestHeader} are allowed");
        if (length > (ulong)(file.Length - LengthBytes))
            throw Refused($"truncated: the header claims {length} bytes, the file has {file.Length - LengthBytes} after the length");
        var header = file.Slice(LengthBytes, (long)length).All();
        if (header is not [(byte)'{', ..])
            throw Refused("the header does not begin with {");
        StrictJson.Check(header, What);
        try
        {
            CheckHeader(header, file.Length - LengthBytes - (long)length);
        }
        catch (InvalidOperationException)
        {
            throw Refused("the header has a text or a number where something else belongs");
        }
    }

    private static void CheckHeader(ReadOnlySpan<byte> header, long dataLength)
    {
        var json = StrictJson.Reader(header);
        var tensors = new List<(ulong Begin, ulong End)>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("__metadata__"u8))
                CheckMetadata(ref json);
            else
                tensors.Add(Tensor(ref json));
        }
        tensors.Sort();
        var end = 0UL;
        foreach (var (begin, last) in tensors)
        {
            if (begin != end)
                throw Refused($"the data from {end} to {begin} belongs to {(begin > end ? "no tensor" : "two tensors")}");
            end = last;
        }
        if (end != (ulong)dataLength)
            throw Refused($"the tensors take {end} bytes, the file has {dataLength} after the header");
    }

    private static void CheckMetadata(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw Refused("__metadata__ is not an object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.Read() || json.TokenType != JsonTokenType.String)
                throw Refused("__metadata__ holds something other than text");
        }
    }

    private static (ulong Begin, ulong End) Tensor(ref Utf8JsonReader json)
    {
        var name = json.ValueSpan;
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            throw Refused(name, "is not an object");
        ulong? bits = null, numbers = null;
        (ulong Begin, ulong End)? offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"u8))
                bits = Bits(ref json, name);
            else if (json.ValueTextEquals("shape"u8))
                numbers = Product(ref json, name);
            else if (json.ValueTextEquals("data_offsets"u8))
                offsets = Offsets(ref json, name);
            else
                throw Refused(name, $"has the unknown field {Text(json.ValueSpan)}");
        }
        if (bits is null || numbers is null || offsets is not var (begin, end))
            throw Refused(name, "lacks dtype, shape or data_offsets");
        if (begin > end)
            throw Refused(name, $"ends at {end} before it begins at {begin}");
        var size = Multiply(numbers.Value, bits.Value, name);
        if (size % 8 != 0 || size / 8 != end - begin)
            throw Refused(name, $"has {numbers} numbers of {bits} bits, and {end - begin} bytes");
        return (begin, end);
    }

    private static ulong Bits(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Read();
        foreach (var (type, bits) in s_bits)
        {
            if (json.ValueTextEquals(type))
                return bits;
        }
        throw Refused(name, $"has the unknown dtype {Text(json.ValueSpan)}");
    }

    private static (ulong Begin, ulong End) Offsets(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            throw Refused(name, "has data_offsets that are no array");
        json.Read();
        var begin = Whole(ref json, name);
        json.Read();
        var end = Whole(ref json, name);
        return json.Read() && json.TokenType == JsonTokenType.EndArray ? (begin, end) : throw Refused(name, "has more than two data_offsets");
    }

    private static ulong Product(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
            throw Refused(name, "has a shape that is no array");
        var product = 1UL;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            product = Multiply(product, Whole(ref json, name), name);
        return product;
    }

    private static ulong Whole(ref Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        json.TokenType == JsonTokenType.Number && json.TryGetUInt64(out var number)
            ? number
            : throw Refused(name, $"has a shape or an offset that is no whole number from 0 to {ulong.MaxValue}");

    private static ulong Multiply(ulong a, ulong b, ReadOnlySpan<byte> name) =>
        Math.BigMul(a, b, out var low) == 0 ? low : throw Refused(name, "has a shape whose size overflows 64 bits");

    private static string Text(ReadOnlySpan<byte> utf8) => Printable.Line(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 100)]), 100);

    private static RefusedException Refused(ReadOnlySpan<byte> tensor, string why) => Refused($"tensor {Text(tensor)} {why}");

    private static RefusedException Refused(string why) => new(What, why);
}
