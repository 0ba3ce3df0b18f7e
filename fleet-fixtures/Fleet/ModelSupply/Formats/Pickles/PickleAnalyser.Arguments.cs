using System.Buffers;
using System.Text.Unicode;
using static SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles.PickleMachine;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

// What stands behind an opcode: lines, numbers, texts and bytes.
internal sealed partial class PickleAnalyser
{
    private const int NestedHead = 512;
    private const int MostProbes = 1000;
    private static readonly SearchValues<byte> s_nameBytes = SearchValues.Create([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_."u8]);
    private static readonly bool[] s_isOpcode = [.. Enumerable.Range(0, 256).Select(b => Enum.IsDefined((Opcode)b))];
    private int _probes;

    private void Payload(ulong length, bool isText)
    {
        if (length > (ulong)_reader.Left)
            throw Fails($"claims {length} bytes, and {_reader.Left} are left");
        var start = _reader.Position;
        if (mode != PickleMode.Probe && length > 3)
            CheckNested(start, (long)length);
        if (isText && length <= LongestText)
        {
            Span<byte> text = stackalloc byte[(int)length];
            _reader.Fill(text);
            PushText(text);
        }
        else
        {
            _reader.Skip(length);
            _machine.Push(Data);
        }
    }

    // Harmless as long as nothing unpickles it. But whatever would is one more import away, and no plain model has a pickle in a text.
    private void CheckNested(long start, long length)
    {
        Span<byte> head = stackalloc byte[(int)Math.Min(length, NestedHead)];
        _reader.Source.Read(start, head);
        var hasProtocol = head is [(byte)Opcode.Proto, >= 2 and <= HighestProtocol, var next, ..] && s_isOpcode[next];
        if (!hasProtocol && !HasImport(head))
            return;
        if (++_probes > MostProbes)
            throw Refuses($"is the {MostProbes}th value that begins like a pickle");
        var part = _reader.Source.Slice(start, length);
        _probe ??= new PickleAnalyser(PickleMode.Probe);
        _probe._reader ??= new ByteReader(_reader.Source);
        _probe._reader.Restart(part);
        _probe.Imports = 0;
        try
        {
            _probe.Analyse(_probe._reader);
        }
        catch (PickleFailure e)
        {
            if (e.IsDefinite || _probe.Imports == 0)
                return; // no pickle
        }
        if (_probe.Imports > 0 || hasProtocol)
            throw Refuses("holds a pickle inside the pickle");
    }

    // GLOBAL or INST with two names, or STACK_GLOBAL, near the beginning: without one of these a pickle does nothing.
    private static bool HasImport(ReadOnlySpan<byte> head)
    {
        if (!s_isOpcode[head[0]])
            return false;
        if (head.Contains((byte)Opcode.StackGlobal))
            return (Opcode)head[0] is Opcode.ShortBinUnicode or Opcode.BinUnicode or Opcode.Unicode or Opcode.String or Opcode.ShortBinString
                or Opcode.Mark or Opcode.EmptyList or Opcode.EmptyDict;
        for (var rest = head; rest.IndexOfAny((byte)Opcode.Global, (byte)Opcode.Inst) is >= 0 and var at;)
        {
            rest = rest[(at + 1)..];
            var name = rest.IndexOf((byte)'\n') is > 0 and var module && IsName(rest[..module]) ? rest[(module + 1)..] : [];
            if (name.IndexOf((byte)'\n') is > 0 and var length && IsName(name[..length]))
                return true;
        }
        return false;
    }

    private static bool IsName(ReadOnlySpan<byte> name) => name.Length < LongestText && !char.IsAsciiDigit((char)name[0]) && !name.ContainsAnyExcept(s_nameBytes);

    private void PushSkipped(ulong count)
    {
        _reader.Skip(count);
        _machine.Push(Data);
    }

    private ulong Signed() => _reader.UInt32() is var length && length <= int.MaxValue ? length : throw Fails("claims a negative length");

    private void NumberLine()
    {
        Span<byte> line = stackalloc byte[LongestNumber];
        var length = (int)Math.Min(_reader.Line(line), LongestNumber);
        if (length == 0)
            throw Fails("the number is empty");
        // Whether an odd number is one, Pythons may differ; that a word is none, they do not.
        foreach (var one in line[..length].Trim(" \t\r\f\v"u8))
        {
            if (!char.IsAsciiLetterOrDigit((char)one) && one is not ((byte)'+' or (byte)'-' or (byte)'.' or (byte)'_'))
                throw Fails("the number is none");
        }
        _machine.Push(Data);
    }

    private void StringLine()
    {
        Span<byte> line = stackalloc byte[LongestText];
        var length = _reader.Line(line);
        var kept = line[..(int)Math.Min(length, LongestText)];
        if (length < 2 || kept[0] is not ((byte)'\'' or (byte)'"'))
            throw Fails("the text has no quotes");
        if (length > LongestText || kept[^1] != kept[0] || kept.Contains((byte)'\\'))
            _machine.Push(Data);
        else
            PushText(kept[1..^1]);
    }

    private void TextLine()
    {
        Span<byte> line = stackalloc byte[LongestText];
        var length = _reader.Line(line);
        if (length > LongestText || line[..(int)length].Contains((byte)'\\'))
            _machine.Push(Data);
        else
            PushText(line[..(int)length]);
    }

    private void PushText(ReadOnlySpan<byte> utf8)
    {
        Span<char> text = stackalloc char[LongestText];
        _machine.Push(Utf8.ToUtf16(utf8, text, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done
            ? _machine.Text(text[..length])
            : Data);
    }

    private string? NameLine()
    {
        Span<byte> line = stackalloc byte[LongestText];
        var length = _reader.Line(line);
        return length <= LongestText ? Encoding.UTF8.GetString(line[..(int)length]) : null;
    }

    private long DecimalLine()
    {
        Span<byte> line = stackalloc byte[LongestNumber];
        var length = _reader.Line(line);
        if (length is 0)
            throw Fails("the place in the memo is empty");
        return length < LongestNumber && long.TryParse(line[..(int)length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Refuses("has a place in the memo that is no plain number");
    }
}
