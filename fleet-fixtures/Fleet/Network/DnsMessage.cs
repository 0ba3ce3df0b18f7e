using System.Buffers.Binary;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>What a server of names said.</summary>
/// <param name="Code">The response code by name, such as <c>NOERROR</c> or <c>NXDOMAIN</c>; other codes as <c>RCODE5</c>.</param>
/// <param name="Records">The answers as text: <c>A 10.43.0.1</c>, <c>CNAME name</c>, <c>PTR name</c>, <c>SRV priority weight port name</c>.</param>
internal sealed record DnsAnswer(string Code, IReadOnlyList<string> Records)
{
    public override string ToString() => string.Join(' ', Records.Prepend(Code));
}

/// <summary>The little of DNS (RFC 1035, RFC 2782) that it takes to ask a question, to read what comes back, and to answer an A question.</summary>
internal static class DnsMessage
{
    /// <summary>The types that are read; their numbers are those of RFC 1035 and 2782.</summary>
    public enum Type : ushort
    {
        A = 1,
        Cname = 5,
        Ptr = 12,
        Srv = 33,
    }

    private const int HeaderLength = 12;
    private const int Internet = 1;
    private const ushort IsAnswer = 0x8000;
    private const ushort WantsRecursion = 0x0100;
    private const ushort PointerToTheQuestion = 0xC000 | HeaderLength;

    /// <summary>A question.</summary>
    /// <exception cref="ArgumentException">The name has an empty label, or one of more than 63 characters.</exception>
    public static byte[] Question(ushort id, string name, Type type)
    {
        var message = new List<byte>();
        Add(message, [id, WantsRecursion, 1, 0, 0, 0]);
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63)
                throw new ArgumentException($"'{name}' is no name: a part of it is empty or longer than 63 characters");
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }
        message.Add(0);
        Add(message, [(ushort)type, Internet]);
        return [.. message];
    }

    /// <summary>Reads an answer.</summary>
    /// <returns>Null where the message is no answer to the question of that number.</returns>
    /// <exception cref="FormatException">It is no DNS message.</exception>
    public static DnsAnswer? Read(byte[] message, ushort id)
    {
        try
        {
            var position = 0;
            var header = Enumerable.Range(0, HeaderLength / 2).Select(_ => Word(message, ref position)).ToArray();
            if (header[0] != id || (header[1] & IsAnswer) == 0)
                return null;
            for (var i = 0; i < header[2]; i++)
            {
                Name(message, ref position);
                position += 4;
            }
            var records = Enumerable.Range(0, header[3]).Select(_ => Record(message, ref position)).OfType<string>().ToList();
            return new(Code(header[1] & 0xF), records);
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            throw new FormatException("that is no DNS message", e);
        }
    }

    /// <summary>The answer to a question for an A record: this address, for a lifetime of nothing; to any other question: nothing.</summary>
    /// <returns>Null where the message is no question.</returns>
    public static byte[]? Reply(byte[] question, IPAddress address)
    {
        if (question.Length < HeaderLength + 5 || (question[2] & 0x80) != 0)
            return null;
        var position = HeaderLength;
        try
        {
            Name(question, ref position);
            var type = Word(question, ref position);
            position += 2;
            var isA = type == (ushort)Type.A;
            var message = new List<byte>(question[..2]);
            Add(message, [IsAnswer | WantsRecursion | 0x0080, 1, (ushort)(isA ? 1 : 0), 0, 0]);
            message.AddRange(question[HeaderLength..position]);
            if (isA)
            {
                Add(message, [PointerToTheQuestion, (ushort)Type.A, Internet, 0, 0, 4]);
                message.AddRange(address.GetAddressBytes());
            }
            return [.. message];
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A message as it goes over TCP: with its length before it.</summary>
    public static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    /// <summary>The next message of a TCP connection; null where it ends.</summary>
    public static async Task<byte[]?> UnframedAsync(Stream stream, CancellationToken stop)
    {
        var length = new byte[2];
        if (await stream.ReadAtLeastAsync(length, length.Length, throwOnEndOfStream: false, stop) < length.Length)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await stream.ReadAtLeastAsync(message, message.Length, throwOnEndOfStream: false, stop) < message.Length ? null : message;
    }

    private static string Code(int code) => code switch
    {
        0 => "NOERROR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        5 => "REFUSED",
        _ => $"RCODE{code}",
    };

    private static string? Record(byte[] message, ref int position)
    {
        Name(message, ref position);
        var type = Word(message, ref position);
        position += 6; // class and lifetime
        var length = Word(message, ref position);
        var end = position + length;
        var text = (Type)type switch
        {
            Type.A => $"A {new IPAddress(message.AsSpan(position, length))}",
            Type.Cname => $"CNAME {Name(message, ref position)}",
            Type.Ptr => $"PTR {Name(message, ref position)}",
            Type.Srv => $"SRV {Word(message, ref position)} {Word(message, ref position)} {Word(message, ref position)} {Name(message, ref position)}",
            _ => null,
        };
        position = end;
        return text;
    }

    // A name may end in a pointer to an earlier one; a pointer that does not lead backwards would be followed for ever.
    private static string Name(byte[] message, ref int position)
    {
        var labels = new List<string>();
        var at = position;
        var earliest = position;
        var jumped = false;
        while (message[at] != 0)
        {
            if ((message[at] & 0xC0) == 0xC0)
            {
                var target = ((message[at] & 0x3F) << 8) | message[at + 1];
                if (!jumped) position = at + 2;
                if (target >= earliest) throw new ArgumentException("a pointer leads forward");
                (jumped, at, earliest) = (true, target, target);
                continue;
            }
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            at += message[at] + 1;
        }
        if (!jumped) position = at + 1;
        return string.Join('.', labels);
    }

    private static ushort Word(byte[] message, ref int position)
    {
        var word = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(position, 2));
        position += 2;
        return word;
    }

    private static void Add(List<byte> message, ReadOnlySpan<ushort> words)
    {
        Span<byte> bytes = stackalloc byte[2];
        foreach (var word in words)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, word);
            message.AddRange(bytes);
        }
    }
}
