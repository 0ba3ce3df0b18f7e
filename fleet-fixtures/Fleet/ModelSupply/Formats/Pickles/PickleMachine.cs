namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>
/// The stack and the memo of an unpickler (CPython, <c>Modules/_pickle.c</c>), with values of which only this is known: that it is some
/// data, a text, an import, or what the call of an import returned. A value is a number: its kind, and a place in a list.
/// </summary>
internal sealed class PickleMachine
{
    /// <summary>A value of which nothing else has to be known.</summary>
    public const int Data = 0;

    private const int TextKind = 1;
    private const int ImportKind = 2;
    private const int ResultKind = 3;
    private const int Unset = -1;
    private readonly IntStack _stack = new();
    private readonly IntStack _marks = new();
    private readonly IntStack _memo = new();
    private readonly List<string> _texts = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private int _mostTexts;

    /// <summary>How many memo entries are set.</summary>
    public int Memoized { get; private set; }

    /// <summary>How many values may be popped: those above the last mark.</summary>
    public int Poppable => _stack.Count - Fence;

    private int Fence => _marks.Count > 0 ? _marks[_marks.Count - 1] : 0;

    /// <summary>Forgets everything; <paramref name="length"/> of the pickle limits how many texts are kept.</summary>
    public void Clear(long length)
    {
        _stack.Cut(0);
        _marks.Cut(0);
        _memo.Cut(0);
        _texts.Clear();
        _places.Clear();
        Memoized = 0;
        // A kept text takes about a hundred bytes: no input may make us take ten times its size.
        _mostTexts = (int)Math.Min(1_000_000, 256 + length / 32);
    }

    /// <summary>The value of a text that is short enough to be a name.</summary>
    public int Text(ReadOnlySpan<char> text)
    {
        var places = _places.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!places.TryGetValue(text, out var place))
        {
            if (_texts.Count == _mostTexts)
                return Data;
            place = _texts.Count;
            _texts.Add(text.ToString());
            _places.Add(_texts[^1], place);
        }
        return Value(TextKind, place);
    }

    /// <summary>The value of an import from the list.</summary>
    public static int Import(int place) => Value(ImportKind, place);

    /// <summary>The value that a call of an import from the list returns.</summary>
    public static int Result(int place) => Value(ResultKind, place);

    /// <summary>The text that a value is, or null.</summary>
    public string? TextOf(int value) => Kind(value) == TextKind ? _texts[value >> 2] : null;

    /// <summary>The import that a value is, or null.</summary>
    public static AllowedImport? ImportOf(int value) => Kind(value) == ImportKind ? AllowedImports.All[value >> 2] : null;

    /// <summary>The import whose call returned the value, or null.</summary>
    public static AllowedImport? MakerOf(int value) => Kind(value) == ResultKind ? AllowedImports.All[value >> 2] : null;

    /// <summary>Pushes a value.</summary>
    public void Push(int value) => _stack.Push(value);

    /// <summary>Pops a value; the caller has asked <see cref="Poppable"/>.</summary>
    public int Pop() => _stack.Pop();

    /// <summary>The last value, or the one <paramref name="below"/> it.</summary>
    public int Peek(int below = 0) => _stack[_stack.Count - 1 - below];

    /// <summary>Sets a mark.</summary>
    public void Mark() => _marks.Push(_stack.Count);

    /// <summary>Takes the last mark and says how many values are above it, or -1 where there is no mark.</summary>
    public int TakeMark() => _marks.Count == 0 ? -1 : _stack.Count - _marks.Pop();

    /// <summary>Drops the last values.</summary>
    public void Drop(int count) => _stack.Cut(_stack.Count - count);

    /// <summary>What the memo holds, or null.</summary>
    public int? Get(long place) => place < _memo.Count && _memo[(int)place] is not Unset and var value ? value : null;

    /// <summary>Puts the last value into the memo.</summary>
    public void Put(int place)
    {
        while (_memo.Count <= place)
            _memo.Push(Unset);
        if (_memo[place] == Unset)
            Memoized++;
        _memo[place] = Peek();
    }

    private static int Value(int kind, int place) => place << 2 | kind;

    private static int Kind(int value) => value & 3;
}
