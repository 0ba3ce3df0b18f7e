using SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// Checks an array of NumPy (NEP 1, <c>numpy/lib/format.py</c>). Where its type has objects, the rest of the file is a pickle.
/// </summary>
internal static partial class NpyFile
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "npy";

    private const int LongestHeader = 64 * 1024;
    private const int MostFields = 256;

    /// <summary>Whether a file begins like an array.</summary>
    public static bool Fits(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Checks a whole file.</summary>
    /// <exception cref="RefusedException">It is malformed, or its objects are a pickle that does what it may not.</exception>
    public static void Check(ByteSource file)
    {
        var reader = new ByteReader(file);
        try
        {
            reader.Skip(6);
            var version = reader.Byte();
            reader.Skip(1);
            var length = version switch { 1 => reader.UInt16(), 2 or 3 => reader.UInt32(), _ => throw Refused($"version {version} is unknown") };
            if (length > LongestHeader)
                throw Refused($"the header claims {length} bytes; at most {LongestHeader} are allowed");
            if (length > reader.Left)
                throw Refused($"truncated: the header claims {length} bytes, and {reader.Left} are left");
            var header = new byte[length];
            reader.Fill(header);
            var (itemSize, count) = Header(Encoding.UTF8.GetString(header));
            if (itemSize is null)
                PickleFile.CheckOne(file.Slice(reader.Position, reader.Left), "the array has objects, so it is a pickle: ");
            else if (itemSize * count != reader.Left)
                throw Refused($"the array takes {itemSize * count} bytes, and {reader.Left} are there");
        }
        catch (EndOfStreamException)
        {
            throw Refused("truncated in its header");
        }
    }

    // The item's size, null where it has objects, and how many items there are.
    private static (Int128? ItemSize, Int128 Count) Header(string header) => HeaderForm().Match(header) is { Success: true } match
        ? (ItemSize(match.Groups["descr"].Value), Product(match.Groups["shape"].Value))
        : throw Refused($"the header is not the one that NumPy writes: {Printable.Line(header, 200)}");

    private static Int128? ItemSize(string type)
    {
        if (Type().Match(type) is { Success: true } simple)
            return simple.Groups["object"].Success ? null : Size(simple);
        if (type[0] != '[')
            throw Refused($"the array has the unknown type {Printable.Line(type, 100)}");
        Int128? size = 0;
        var (length, count) = (0, 0);
        for (var field = Field().Match(type); field.Success && count < MostFields; field = field.NextMatch(), count++)
        {
            length += field.Length;
            size += ItemSize(field.Groups["type"].Value) * Product(field.Groups["shape"].Value);
        }
        // Every character belongs to a field, or to the ", " between two of them.
        if (count == 0 || length + (count - 1) * 2 != type.Length - 2)
            throw Refused($"the array has a type of fields that is not understood: {Printable.Line(type, 100)}");
        return size is null || size <= long.MaxValue ? size : throw Refused("the array's type overflows");
    }

    private static Int128 Size(Match type) =>
        int.Parse(type.Groups["size"].Value, CultureInfo.InvariantCulture) * (type.Groups["kind"].Value == "U" ? 4 : 1);

    private static Int128 Product(string shape)
    {
        Int128 product = 1;
        foreach (var length in shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            product *= long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Refused("the array's shape is none");
            if (product > long.MaxValue)
                throw Refused("the array's shape overflows");
        }
        return product;
    }

    private static RefusedException Refused(string why) => new(What, why);

    // {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } and spaces, with the keys in the order in which NumPy sorts them.
    [GeneratedRegex("""^\{'descr': (?<descr>'[^'\\]{1,40}'|\[[^\\]{1,60000}\]), 'fortran_order': (True|False), 'shape': \((?<shape>[0-9, ]{0,700})\), ?\} *\n?$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex HeaderForm();

    [GeneratedRegex("""^'((?<object>\|O[0-9]{0,2})|[<>|=](?<kind>[biufcSUV])(?<size>[0-9]{1,9})|[<>|=](?<kind>[mM])(?<size>8)(\[[0-9]{0,4}[A-Za-z]{1,2}\])?)'$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Type();

    [GeneratedRegex("""\('[^'\\]{0,200}', (?<type>'[^'\\]{1,40}')(, \((?<shape>[0-9, ]{1,100})\))?\)""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
