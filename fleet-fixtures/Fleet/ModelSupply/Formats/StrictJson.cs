using System.Text.Unicode;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// JSON (RFC 8259) that every parser understands in the same way: UTF-8, of bounded depth, and without a name that an object has twice.
/// Where a name is there twice, some parsers take the first and some the last, so a checker may see another document than a loader.
/// </summary>
internal static class StrictJson
{
    /// <summary>How deep arrays and objects may lie in each other.</summary>
    public const int MaxDepth = 64;

    /// <summary>A reader at the beginning of a document that <see cref="Check"/> has not seen yet.</summary>
    public static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>Goes through the whole document.</summary>
    /// <exception cref="RefusedException">It is not such JSON.</exception>
    public static void Check(ReadOnlySpan<byte> json, string what = "json")
    {
        if (!Utf8.IsValid(json))
            throw new RefusedException(what, "the JSON is not UTF-8");
        var reader = Reader(json);
        var names = new NameSet();
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        names.Begin();
                        break;
                    case JsonTokenType.PropertyName:
                        names.Add(Hash(ref reader));
                        break;
                    case JsonTokenType.EndObject when names.EndHasTwice():
                        throw new RefusedException(what, $"an object of the JSON has a name twice; it ends at byte {reader.TokenStartIndex}");
                }
            }
        }
        catch (JsonException e)
        {
            throw new RefusedException(what, $"not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            throw new RefusedException(what, $"a name of the JSON is no text, at byte {reader.TokenStartIndex}");
        }
    }

    /// <summary>Parses what <see cref="Check"/> lets pass.</summary>
    /// <exception cref="RefusedException">It is not such JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, string what)
    {
        Check(json.Span, what);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document.RootElement.Clone();
    }

    // FNV-1a of the unescaped name: nothing is allocated for a name. A collision can only refuse what might pass.
    private static ulong Hash(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Hash(reader.ValueSpan);
        var name = new byte[reader.ValueSpan.Length];
        return Hash(name.AsSpan(0, reader.CopyString(name)));
    }

    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14695981039346656037;
        foreach (var one in name)
            hash = (hash ^ one) * 1099511628211;
        return hash;
    }

    // The names of all open objects in one list: it takes eight bytes a name, while the shortest name takes four in the document.
    private sealed class NameSet
    {
        private readonly List<ulong> _names = [];
        private readonly Stack<int> _starts = new();

        public void Begin() => _starts.Push(_names.Count);

        public void Add(ulong name) => _names.Add(name);

        public bool EndHasTwice()
        {
            var start = _starts.Pop();
            var names = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_names)[start..];
            names.Sort();
            var twice = false;
            for (var i = 1; i < names.Length; i++)
                twice |= names[i] == names[i - 1];
            _names.RemoveRange(start, _names.Count - start);
            return twice;
        }
    }
}
