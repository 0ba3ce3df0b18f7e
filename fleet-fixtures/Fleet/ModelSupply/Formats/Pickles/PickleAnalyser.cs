using System.Buffers;
using static SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles.PickleMachine;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>
/// Goes through a pickle as an unpickler would, and executes nothing: it only follows which imports the pickle makes and what it does
/// with them. What cannot be followed is refused. Facts: CPython's <c>Lib/pickletools.py</c> and <c>Modules/_pickle.c</c>.
/// </summary>
/// <param name="mode">How the file is looked at.</param>
/// <param name="torchStorages">Whether persistent ids may name PyTorch's storages, as in its own archives.</param>
internal sealed partial class PickleAnalyser(PickleMode mode, bool torchStorages = false)
{
    private const int LongestText = 256;
    private const int LongestNumber = 20;
    private const int HighestProtocol = 5;
    private static readonly SearchValues<char> s_nameLetters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");
    private readonly PickleMachine _machine = new();
    private readonly PickleTuples _tuples = new();
    private PickleAnalyser? _probe;
    private ByteReader _reader = null!;
    private PickleFailure? _badImport;
    private long _start;
    private long _at;
    private long _frameEnd;
    private int _opcodes;
    private Opcode _opcode;

    /// <summary>How many imports were made, allowed or not.</summary>
    public int Imports { get; private set; }

    /// <summary>Whether <see cref="Storages"/> are kept.</summary>
    public bool KeepsStorages { get; init; }

    /// <summary>The storages of PyTorch that were named, and the bytes of one number in each.</summary>
    public Dictionary<string, int> Storages { get; } = new(StringComparer.Ordinal);

    private bool CrossesFrame => _at < _frameEnd && _reader.Position > _frameEnd;

    /// <summary>Reads a pickle up to its STOP; the reader is then behind it.</summary>
    /// <exception cref="PickleFailure">It does what it may not, or is no pickle.</exception>
    public void Analyse(ByteReader reader)
    {
        _reader = reader;
        _start = reader.Position;
        _frameEnd = 0;
        _opcodes = 0;
        _probes = 0;
        _badImport = null;
        _machine.Clear(reader.Left);
        _tuples.Clear();
        try
        {
            do
            {
                _at = reader.Position;
                _opcode = (Opcode)reader.Byte();
                _opcodes++;
                _tuples.Next(_opcode);
                Step();
                // CPython drops the bytes that a frame has left when a read crosses its end, so it sees another name than stands here.
                if (CrossesFrame)
                    throw Refuses("crosses the end of its frame");
            }
            while (_opcode != Opcode.Stop);
        }
        catch (EndOfStreamException)
        {
            throw Fails(_at == reader.Source.Length ? "the pickle ends without STOP" : "the pickle is truncated here");
        }
        if (_badImport is not null && mode != PickleMode.Probe)
            throw _badImport;
    }

    private void Step()
    {
        switch (_opcode)
        {
            case Opcode.Proto when _reader.Byte() is > HighestProtocol and var protocol:
                throw Fails($"protocol {protocol} is unknown; {HighestProtocol} is the highest");
            case Opcode.Proto:
                break;
            case Opcode.Frame:
                BeginFrame();
                break;
            case Opcode.Stop:
                Pop();
                break;
            case Opcode.Mark:
                _machine.Mark();
                break;
            case Opcode.Pop:
                if (_machine.Poppable == 0)
                    TakeMark();
                else
                    Pop();
                break;
            case Opcode.PopMark:
                _machine.Drop(TakeMark());
                break;
            case Opcode.Dup:
                Need(1);
                _machine.Push(_machine.Peek());
                break;
            case Opcode.None or Opcode.NewTrue or Opcode.NewFalse or Opcode.EmptyList or Opcode.EmptyDict or Opcode.EmptyTuple or Opcode.EmptySet:
                _machine.Push(Data);
                break;
            case Opcode.BinInt1:
                PushSkipped(1);
                break;
            case Opcode.BinInt2:
                PushSkipped(2);
                break;
            case Opcode.BinInt:
                PushSkipped(4);
                break;
            case Opcode.BinFloat:
                PushSkipped(8);
                break;
            case Opcode.Long1:
                PushSkipped(_reader.Byte());
                break;
            case Opcode.Long4:
                PushSkipped(Signed());
                break;
            case Opcode.Int or Opcode.Long or Opcode.Float:
                NumberLine();
                break;
            case Opcode.String:
                StringLine();
                break;
            case Opcode.Unicode:
                TextLine();
                break;
            case Opcode.ShortBinUnicode or Opcode.ShortBinString:
                Payload(_reader.Byte(), isText: true);
                break;
            case Opcode.BinUnicode:
                Payload(_reader.UInt32(), isText: true);
                break;
            case Opcode.BinString:
                Payload(Signed(), isText: true);
                break;
            case Opcode.BinUnicode8:
                Payload(_reader.UInt64(), isText: true);
                break;
            case Opcode.ShortBinBytes:
                Payload(_reader.Byte(), isText: false);
                break;
            case Opcode.BinBytes:
                Payload(_reader.UInt32(), isText: false);
                break;
            case Opcode.BinBytes8 or Opcode.ByteArray8:
                Payload(_reader.UInt64(), isText: false);
                break;
            case Opcode.Tuple1:
                MakeTuple(1);
                break;
            case Opcode.Tuple2:
                MakeTuple(2);
                break;
            case Opcode.Tuple3:
                MakeTuple(3);
                break;
            case Opcode.Tuple:
                MakeTuple(TakeMark());
                break;
            case Opcode.List or Opcode.FrozenSet:
                DropAndPush(TakeMark());
                break;
            case Opcode.Dict:
                DropAndPush(Pairs(TakeMark()));
                break;
            case Opcode.Append:
                Change(1);
                break;
            case Opcode.Appends or Opcode.AddItems:
                Change(TakeMark());
                break;
            case Opcode.SetItem:
                Change(2);
                break;
            case Opcode.SetItems:
                Change(Pairs(TakeMark()));
                break;
            case Opcode.Get:
                Get(DecimalLine());
                break;
            case Opcode.BinGet:
                Get(_reader.Byte());
                break;
            case Opcode.LongBinGet:
                Get(_reader.UInt32());
                break;
            case Opcode.Put:
                Put(DecimalLine());
                break;
            case Opcode.BinPut:
                Put(_reader.Byte());
                break;
            case Opcode.LongBinPut:
                Put(_reader.UInt32());
                break;
            case Opcode.Memoize:
                Put(_machine.Memoized);
                break;
            default:
                StepThatImports();
                break;
        }
    }

    private void BeginFrame()
    {
        if (_reader.UInt64() is var length && length > (ulong)_reader.Left)
            throw Fails("the frame is longer than the file");
        if (_at < _frameEnd)
            throw Refuses("begins inside another frame");
        _frameEnd = _reader.Position + (long)length;
    }

    private void Get(long place) => _machine.Push(_machine.Get(place) ?? throw Fails($"place {place} of the memo is empty"));

    private void Put(long place)
    {
        Need(1);
        if (place > _opcodes + byte.MaxValue)
            throw Refuses($"writes place {place} of the memo after {_opcodes} opcodes, which no pickler does");
        _machine.Put((int)place);
    }

    private void MakeTuple(int count)
    {
        Need(count);
        _tuples.Made(_machine, count);
        DropAndPush(count);
    }

    private void DropAndPush(int count)
    {
        _machine.Drop(count);
        _machine.Push(Data);
    }

    private int Pairs(int count) => count % 2 == 0 ? count : throw Fails("has a key without a value");

    // The values go into what lies below them.
    private void Change(int count)
    {
        Need(count + 1);
        if (mode == PickleMode.Sniff && _badImport is not null)
            throw _badImport;
        _machine.Drop(count);
        if (ImportOf(_machine.Peek()) is not null)
            throw Refuses($"changes {Name(_machine.Peek())}, which was imported");
    }

    private int Pop()
    {
        Need(1);
        return _machine.Pop();
    }

    private int TakeMark() => _machine.TakeMark() is >= 0 and var count ? count : throw Fails("there is no mark");

    private void Need(int count)
    {
        if (_machine.Poppable < count)
            throw Fails("the stack is empty");
    }

    private string Name(int value) =>
        (ImportOf(value) ?? MakerOf(value)) is { } import ? $"{import.Module}.{import.Name}" : _machine.TextOf(value) is { } text ? $"the text '{Printable.Line(text, 100)}'" : "something";

    private static bool IsName(string name) => name.Length > 0 && !char.IsAsciiDigit(name[0]) && !name.AsSpan().ContainsAnyExcept(s_nameLetters);

    private PickleFailure Fails(string why) => Failure(why, true);

    private PickleFailure Refuses(string why) => Failure(why, false);

    private PickleFailure Failure(string why, bool isDefinite) => new($"{OpcodeNames.Of(_opcode)} at byte {_at - _start}: {why}", isDefinite && !CrossesFrame);
}
