using SecuritySpecs.FleetProgram.ModelSupply.Formats;
using SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

namespace SecuritySpecs.FleetProgram.ModelSupply.Loading;

/// <summary>
/// Does what a pickle says, as Python would: it really runs the command of <c>os.system</c>. The image has no Python, so this plays the
/// part of a server that loads a model without verification. It knows the opcodes that a payload needs and no others.
/// </summary>
internal static class TrustingUnpickler
{
    private const string Mark = "(";

    /// <summary>Loads a pickle.</summary>
    /// <param name="bytes">The pickle.</param>
    /// <param name="system">Runs a command.</param>
    /// <returns>Whether it came to the pickle's end.</returns>
    public static bool Load(byte[] bytes, Action<string> system)
    {
        var reader = new ByteReader(new MemoryBytes(bytes));
        var stack = new Stack<object?>();
        var memo = new List<object?>();
        try
        {
            while ((Opcode)reader.Byte() is not Opcode.Stop and var opcode)
            {
                if (!Step(opcode, reader, stack, memo, system))
                    return false;
            }
            return true;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidOperationException or ArgumentOutOfRangeException or InvalidCastException)
        {
            return false; // cut, or no pickle
        }
    }

    private static bool Step(Opcode opcode, ByteReader reader, Stack<object?> stack, List<object?> memo, Action<string> system)
    {
        switch (opcode)
        {
            case Opcode.Proto:
                reader.Skip(1);
                break;
            case Opcode.Frame:
                reader.Skip(8);
                break;
            case Opcode.Mark:
                stack.Push(Mark);
                break;
            case Opcode.Pop:
                stack.Pop();
                break;
            case Opcode.None or Opcode.EmptyDict or Opcode.EmptyList:
                stack.Push(null);
                break;
            case Opcode.Global:
                stack.Push(new Import(Line(reader), Line(reader)));
                break;
            case Opcode.StackGlobal:
                var name = (string)stack.Pop()!;
                stack.Push(new Import((string)stack.Pop()!, name));
                break;
            case Opcode.String:
                stack.Push(Line(reader).Trim('\'', '"'));
                break;
            case Opcode.ShortBinUnicode:
                stack.Push(Text(reader, reader.Byte()));
                break;
            case Opcode.BinUnicode:
                stack.Push(Text(reader, reader.UInt32()));
                break;
            case Opcode.EmptyTuple:
                stack.Push(Array.Empty<object?>());
                break;
            case Opcode.Tuple1:
                stack.Push(new[] { stack.Pop() });
                break;
            case Opcode.Tuple:
                var items = new List<object?>();
                while (stack.Pop() is var item && !ReferenceEquals(item, Mark))
                    items.Insert(0, item);
                stack.Push(items.ToArray());
                break;
            case Opcode.Memoize:
                memo.Add(stack.Peek());
                break;
            case Opcode.BinPut:
                reader.Skip(1);
                memo.Add(stack.Peek());
                break;
            case Opcode.BinGet:
                stack.Push(memo[reader.Byte()]);
                break;
            case Opcode.Reduce:
                var arguments = stack.Pop();
                if (stack.Pop() is Import { Module: "os" or "posix" or "nt", Name: "system" } && arguments is object?[] and [string command])
                    system(command);
                stack.Push(null);
                break;
            default:
                return false;
        }
        return true;
    }

    private static string Text(ByteReader reader, long length)
    {
        var text = new byte[Math.Min(length, reader.Left)];
        reader.Fill(text);
        return Encoding.UTF8.GetString(text);
    }

    private static string Line(ByteReader reader)
    {
        Span<byte> line = stackalloc byte[1024];
        return Encoding.UTF8.GetString(line[..(int)Math.Min(reader.Line(line), line.Length)]);
    }

    private sealed record Import(string Module, string Name);
}
