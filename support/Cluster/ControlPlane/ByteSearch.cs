namespace SecuritySpecs.Cluster.ControlPlane;

/// <summary>Looks for texts in bytes that come piece by piece and are more than memory should hold.</summary>
/// <param name="texts">The texts.</param>
internal sealed class ByteSearch(IEnumerable<string> texts)
{
    private readonly Dictionary<string, byte[]> _wanted = texts.Distinct().ToDictionary(t => t, Encoding.UTF8.GetBytes);
    private readonly HashSet<string> _found = [];
    private byte[] _end = [];

    /// <summary>How many bytes there were.</summary>
    public long Length { get; private set; }

    /// <summary>Whether a text is in them.</summary>
    public bool Has(string text) => _found.Contains(text);

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        Length += piece.Length;
        var overlap = _wanted.Values.Max(w => w.Length) - 1;
        byte[] border = [.. _end, .. piece[..Math.Min(overlap, piece.Length)]];
        foreach (var (text, bytes) in _wanted)
        {
            if (piece.IndexOf(bytes) >= 0 || border.AsSpan().IndexOf(bytes) >= 0)
                _found.Add(text);
        }

        _end = piece.Length >= overlap ? piece[^overlap..].ToArray() : [.. border.AsSpan()[^Math.Min(overlap, border.Length)..]];
    }
}
