namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Writers;

/// <summary>Writes safetensors files.</summary>
internal static class Safetensors
{
    /// <summary>A header and so many bytes of data.</summary>
    public static byte[] Of(string header, int data, ulong? length = null) =>
        [.. BitConverter.GetBytes(length ?? (ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. new byte[data]];

    /// <summary>A tensor's entry.</summary>
    public static string Entry(string name, string type, string shape, string begin, string end) =>
        $"\"{name}\":{{\"dtype\":\"{type}\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";

    /// <summary>A plain file with two tensors.</summary>
    public static byte[] Plain() => Of($"{{\"__metadata__\":{{\"format\":\"pt\"}},{Entry("a", "F32", "[2,2]", "0", "16")},{Entry("b", "BF16", "[3]", "16", "22")}}}", 22);
}

/// <summary>Writes arrays of NumPy.</summary>
internal static class Npy
{
    /// <summary>A file.</summary>
    public static byte[] Of(string header, byte[] data, byte version = 1, int? length = null)
    {
        var text = Encoding.Latin1.GetBytes(header.PadRight((header.Length + 10 + 64) / 64 * 64 - 11) + "\n");
        var size = BitConverter.GetBytes(length ?? text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. size[..(version == 1 ? 2 : 4)], .. text, .. data];
    }

    /// <summary>The usual header.</summary>
    public static string Header(string descr, string shape) => $"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}";
}

/// <summary>Writes GGUF files.</summary>
internal sealed class Gguf
{
    private readonly List<byte> _values = [];
    private readonly List<byte> _tensors = [];
    private ulong _valueCount;
    private ulong _tensorCount;

    public Gguf Text(string key, string text) => Value(key, 8, [.. Sized(text)]);

    public Gguf Value(string key, uint type, byte[] value)
    {
        _values.AddRange([.. Sized(key), .. BitConverter.GetBytes(type), .. value]);
        _valueCount++;
        return this;
    }

    public Gguf Tensor(string name, uint type, ulong[] dimensions, ulong offset)
    {
        _tensors.AddRange([.. Sized(name), .. BitConverter.GetBytes((uint)dimensions.Length), .. dimensions.SelectMany(BitConverter.GetBytes), .. BitConverter.GetBytes(type), .. BitConverter.GetBytes(offset)]);
        _tensorCount++;
        return this;
    }

    /// <summary>The file, with so many bytes of data.</summary>
    public byte[] End(int data, uint version = 3, ulong? values = null, ulong? tensors = null, int alignment = 32)
    {
        byte[] head = [.. "GGUF"u8, .. BitConverter.GetBytes(version), .. BitConverter.GetBytes(tensors ?? _tensorCount), .. BitConverter.GetBytes(values ?? _valueCount), .. _values, .. _tensors];
        return [.. head, .. new byte[(alignment - head.Length % alignment) % alignment], .. new byte[data]];
    }

    public static byte[] Sized(string text) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>A plain file with one tensor.</summary>
    public static byte[] Plain() => new Gguf().Text("general.architecture", "llama").Text("tokenizer.chat_template", "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}{% endfor %}")
        .Value("llama.block_count", 4, BitConverter.GetBytes(1u)).Tensor("token_embd.weight", 0, [8, 2], 0).End(64);
}
