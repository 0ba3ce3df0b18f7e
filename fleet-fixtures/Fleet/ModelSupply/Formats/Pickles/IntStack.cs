namespace SecuritySpecs.FleetProgram.ModelSupply.Formats.Pickles;

/// <summary>Numbers in blocks: a pickle of a megabyte may push a million values, and growing copies next to nothing.</summary>
internal sealed class IntStack
{
    private const int Block = 1024;
    private const int FirstBlock = 16;
    private readonly List<int[]> _blocks = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>One of them.</summary>
    public int this[int place]
    {
        get => _blocks[place / Block][place % Block];
        set => _blocks[place / Block][place % Block] = value;
    }

    /// <summary>Adds one at the end.</summary>
    public void Push(int value)
    {
        if (Count / Block == _blocks.Count)
            _blocks.Add(new int[Count == 0 ? FirstBlock : Block]);
        // Most pickles are small, and an archive may have many of them.
        else if (Count == _blocks[0].Length && Count < Block)
            _blocks[0] = [.. _blocks[0], .. new int[Count]];
        this[Count++] = value;
    }

    /// <summary>Takes the last one.</summary>
    public int Pop() => this[--Count];

    /// <summary>Drops what is behind the first <paramref name="count"/>.</summary>
    public void Cut(int count) => Count = count;
}
