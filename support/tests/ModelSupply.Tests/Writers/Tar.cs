namespace SecuritySpecs.FleetProgram.ModelSupply.Tests.Writers;

/// <summary>Writes tar archives, also those that no archiver writes.</summary>
internal sealed class Tar
{
    private readonly List<byte> _bytes = [];

    /// <summary>Adds a member.</summary>
    public Tar Add(string name, byte[] content, char type = '0', string link = "", long? size = null, bool badChecksum = false)
    {
        var header = new byte[512];
        Put(header, 0, name);
        Put(header, 100, "0000644\0");
        Put(header, 108, "0000000\0");
        Put(header, 116, "0000000\0");
        Put(header, 124, Convert.ToString(size ?? content.Length, 8).PadLeft(11, '0') + "\0");
        Put(header, 136, "00000000000\0");
        Put(header, 148, "        ");
        header[156] = (byte)type;
        Put(header, 157, link);
        Put(header, 257, "ustar\000");
        Put(header, 148, Convert.ToString(header.Sum(b => b) + (badChecksum ? 1 : 0), 8).PadLeft(6, '0') + "\0 ");
        _bytes.AddRange(header);
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[(512 - content.Length % 512) % 512]);
        return this;
    }

    /// <summary>A pax header for the next member.</summary>
    public Tar Pax(string key, string value)
    {
        var length = key.Length + Encoding.UTF8.GetByteCount(value) + 3;
        while ($"{length} {key}={value}\n".Length != length)
            length++;
        return Add("pax", Encoding.UTF8.GetBytes($"{length} {key}={value}\n"), 'x');
    }

    /// <summary>The archive, with its two empty blocks.</summary>
    public byte[] End(byte[]? after = null)
    {
        _bytes.AddRange(new byte[1024]);
        _bytes.AddRange(after ?? []);
        return [.. _bytes];
    }

    /// <summary>The archive without its end.</summary>
    public byte[] WithoutEnd() => [.. _bytes];

    private static void Put(byte[] header, int at, string text) => Encoding.UTF8.GetBytes(text).CopyTo(header, at);
}
