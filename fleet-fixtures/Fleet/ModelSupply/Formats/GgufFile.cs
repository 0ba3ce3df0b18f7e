namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// Checks a GGUF file, versions 2 and 3 (ggml-org/ggml, <c>docs/gguf.md</c> and <c>src/gguf.cpp</c>): every length lies inside the file,
/// and the tensors lie behind each other. Chat templates, which loaders run as Jinja programs, are given to the caller.
/// </summary>
internal sealed class GgufFile
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "gguf";

    private const string TemplateKey = "tokenizer.chat_template";
    private const string AlignmentKey = "general.alignment";
    private const int LongestName = 65_535;
    private const int LongestTemplate = 1024 * 1024;
    private const ulong MostEntries = 1 << 17;
    private const int DeepestArray = 4;
    private const uint MostDimensions = 4;
    private const uint TypeUInt32 = 4, TypeString = 8, TypeArray = 9;

    // The bytes of a value of each type; 0 for strings and arrays.
    private static readonly byte[] s_sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    // The numbers in a block of each tensor type and its bytes; a type without a block is unknown or was removed.
    private static readonly (int Numbers, int Bytes)[] s_blocks =
    [
        (1, 4), (1, 2), (32, 18), (32, 20), default, default, (32, 22), (32, 24), (32, 34), (32, 36), (256, 84), (256, 110), (256, 144),
        (256, 176), (256, 210), (256, 292), (256, 66), (256, 74), (256, 98), (256, 50), (32, 18), (256, 110), (256, 82), (256, 136),
        (1, 1), (1, 2), (1, 4), (1, 8), (1, 8), (256, 56), (1, 2), default, default, default, (256, 54), (256, 66), default, default,
        default, (32, 17),
    ];

    private readonly ByteReader _reader;
    private readonly Dictionary<string, string> _templates = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private uint _alignment = 32;

    private GgufFile(ByteSource file) => _reader = new(file);

    /// <summary>Whether a file begins like one.</summary>
    public static bool Fits(ReadOnlySpan<byte> head) => head.StartsWith("GGUF"u8);

    /// <summary>Checks a whole file.</summary>
    /// <returns>Its chat templates, by their keys.</returns>
    /// <exception cref="RefusedException">It is malformed.</exception>
    public static IReadOnlyDictionary<string, string> Check(ByteSource file)
    {
        var gguf = new GgufFile(file);
        try
        {
            gguf.Read();
        }
        catch (EndOfStreamException)
        {
            throw Refused($"truncated at byte {gguf._reader.Position}");
        }
        return gguf._templates;
    }

    private void Read()
    {
        _reader.Skip(4);
        if (_reader.UInt32() is not (2 or 3) and var version)
            throw Refused($"version {version} is not supported; 2 and 3 are");
        var (tensors, values) = (_reader.UInt64(), _reader.UInt64());
        if (tensors > MostEntries || values > MostEntries)
            throw Refused($"claims {tensors} tensors and {values} values; at most {MostEntries} of each are allowed");
        for (var i = 0UL; i < values; i++)
            ReadValue();
        _keys.Clear();
        var (end, data) = (0UL, 0UL);
        for (var i = 0UL; i < tensors; i++)
        {
            end = ReadTensor(data);
            data = end + Padding(end);
        }
        _reader.Skip(Math.Min(Padding((ulong)_reader.Position), (ulong)_reader.Left));
        var left = (ulong)_reader.Left;
        if (left < end)
            throw Refused($"truncated: the tensors take {end} bytes, and {left} are there");
        if (left > data)
            throw Refused($"{left - data} bytes follow the last tensor");
    }

    private void ReadValue()
    {
        var at = _reader.Position;
        var key = Text(LongestName);
        if (!_keys.Add(key))
            throw Refused($"the key {Printable.Line(key, 100)} is there twice");
        var type = _reader.UInt32();
        if (key == AlignmentKey)
        {
            _alignment = type == TypeUInt32 ? _reader.UInt32() : throw Refused("the alignment is no 32-bit number");
            if (_alignment is 0 or > 1 << 20 || !uint.IsPow2(_alignment))
                throw Refused($"the alignment {_alignment} is no power of two up to {1 << 20}");
        }
        else if (key == TemplateKey || key.StartsWith(TemplateKey + ".", StringComparison.Ordinal))
        {
            _templates[key] = type == TypeString ? Text(LongestTemplate) : throw Refused($"the chat template at byte {at} is no text");
        }
        else
        {
            Pass(type, 0);
        }
    }

    private void Pass(uint type, int depth)
    {
        if (type == TypeString)
            _reader.Skip(_reader.UInt64());
        else if (type == TypeArray)
            PassArray(depth);
        else
            _reader.Skip(Size(type));
    }

    private void PassArray(int depth)
    {
        if (depth == DeepestArray)
            throw Refused($"arrays lie deeper than {DeepestArray} in each other, at byte {_reader.Position}");
        var (type, count) = (_reader.UInt32(), _reader.UInt64());
        if (count > (ulong)_reader.Left)
            throw Refused($"an array claims {count} values at byte {_reader.Position}, and {_reader.Left} bytes are left");
        if (type is TypeString or TypeArray)
        {
            for (var i = 0UL; i < count; i++)
                Pass(type, depth + 1);
        }
        else
        {
            _reader.Skip(checked(count * Size(type)));
        }
    }

    private ulong ReadTensor(ulong data)
    {
        var name = Printable.Line(Text(LongestName), 100);
        if (!_keys.Add(name))
            throw Refused($"the tensor {name} is there twice");
        var dimensions = _reader.UInt32();
        if (dimensions > MostDimensions)
            throw Refused($"tensor {name} has {dimensions} dimensions; at most {MostDimensions} are allowed");
        UInt128 numbers = 1;
        for (var i = 0; i < dimensions; i++)
        {
            numbers *= _reader.UInt64();
            if (numbers > long.MaxValue)
                throw Refused($"tensor {name} has a shape that overflows");
        }
        var type = _reader.UInt32();
        var block = type < s_blocks.Length ? s_blocks[type] : default;
        if (block == default)
            throw Refused($"tensor {name} has the unknown type {type}");
        if (numbers % (uint)block.Numbers != 0)
            throw Refused($"tensor {name} has {numbers} numbers, which are no whole blocks of {block.Numbers}");
        var size = numbers / (uint)block.Numbers * (uint)block.Bytes;
        var offset = _reader.UInt64();
        if (offset != data)
            throw Refused($"tensor {name} begins at {offset} of the data, and the one before it ends at {data}");
        if (size > (UInt128)_reader.Source.Length)
            throw Refused($"truncated: tensor {name} takes {size} bytes, and the file has {_reader.Source.Length}");
        return data + (ulong)size;
    }

    private ulong Padding(ulong end) => (ulong)-(long)end & (_alignment - 1);

    private static ulong Size(uint type) => type < s_sizes.Length && s_sizes[type] > 0 ? s_sizes[type] : throw Refused($"a value has the unknown type {type}");

    private string Text(int longest)
    {
        var at = _reader.Position;
        var length = _reader.UInt64();
        if (length > (ulong)longest)
            throw Refused($"a text claims {length} bytes at byte {at}; at most {longest} are allowed here");
        if (length > (ulong)_reader.Left)
            throw new EndOfStreamException();
        var text = new byte[length];
        _reader.Fill(text);
        return Encoding.UTF8.GetString(text);
    }

    private static RefusedException Refused(string why) => new(What, why);
}
