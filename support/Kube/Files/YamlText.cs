using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace SecuritySpecs.Kube.Files;

/// <summary>Makes documents of a YAML text. Whatever is wrong with it ends in one error, with file and line.</summary>
internal static class YamlText
{
    /// <summary>The documents of a text.</summary>
    /// <param name="file">Its file, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="BadInputException">It is no YAML, or larger inside than such a file has a reason to be.</exception>
    public static IList<YamlDocument> Documents(string file, string text)
    {
        var parser = new YamlLimits(file, new Parser(new Scanner(new StringReader(text))));
        var stream = new YamlStream();
        try
        {
            stream.Load(parser);
            return stream.Documents;
        }
        catch (BadInputException)
        {
            throw;
        }
        catch (YamlException e)
        {
            // Of a mapping in which something is wrong, the parser names the beginning; so much further it has come.
            var line = Math.Max((int)e.Start.Line, parser.Line);
            if (e.Message.Contains("tab", StringComparison.Ordinal) && TabFrom(text, line) is > 0 and var tab)
                throw new BadInputException(file, tab, "is no YAML: a tab is in the indentation, where YAML takes only spaces");
            throw parser.Unclosed is { } open && open.Line < line ? Unclosed(file, open) : new BadInputException(file, line, $"is no YAML: {e.Message}");
        }
        catch (Exception e)
        {
            // Some texts the library's parser answers with an error of its own code: mostly where a line begins too far left inside a bracket.
            throw parser.Unclosed is { } open ? Unclosed(file, open) : new BadInputException(file, parser.Line, $"is no YAML: {e.Message}");
        }
    }

    private static BadInputException Unclosed(string file, (char Bracket, int Line) at) =>
        new(file, at.Line, $"is no YAML: the {at.Bracket} of this line is not closed");

    // The next line from this one on that is indented by a tab; 0 for none.
    private static int TabFrom(string text, int line)
    {
        var lines = text.Split('\n');
        return Enumerable.Range(line, Math.Max(0, lines.Length - line + 1)).FirstOrDefault(n => lines[n - 1].TakeWhile(char.IsWhiteSpace).Contains('\t'));
    }
}

/// <summary>
/// Lets a parser's events through, and stops at what would end the process or never end: deep nesting, an anchor inside itself,
/// aliases of aliases that stand for millions of nodes.
/// </summary>
internal sealed class YamlLimits(string file, IParser parser) : IParser
{
    private const int Deepest = 64;
    private const int MostNodes = 100_000;
    private readonly Stack<(NodeEvent Start, int Nodes)> _open = new();
    private readonly Dictionary<AnchorName, int> _anchors = [];
    private int _nodes;

    /// <inheritdoc/>
    public ParsingEvent? Current => parser.Current;

    /// <summary>The line that was read last.</summary>
    public int Line => Math.Max(1, (int)(Current?.End.Line ?? 1));

    /// <summary>The innermost bracket that is open, and its line.</summary>
    public (char Bracket, int Line)? Unclosed => _open.TryPeek(out var top) ? top.Start switch
    {
        SequenceStart { Style: SequenceStyle.Flow } s => ('[', (int)s.Start.Line),
        MappingStart { Style: MappingStyle.Flow } m => ('{', (int)m.Start.Line),
        _ => null,
    } : null;

    /// <inheritdoc/>
    /// <exception cref="BadInputException">A limit is passed.</exception>
    public bool MoveNext()
    {
        if (!parser.MoveNext())
            return false;
        switch (Current)
        {
            case DocumentStart:
                _anchors.Clear();
                break;
            case AnchorAlias alias:
                if (_open.Any(o => o.Start.Anchor == alias.Value))
                    throw Error($"the alias *{alias.Value} is used inside its own anchor &{alias.Value}");
                Count(_anchors.GetValueOrDefault(alias.Value));
                break;
            case Scalar scalar:
                Count(1);
                Keep(scalar, 1);
                break;
            case NodeEvent start:
                _open.Push((start, _nodes));
                Count(1);
                if (_open.Count > Deepest)
                    throw Error($"is nested more than {Deepest} levels deep");
                break;
            case MappingEnd or SequenceEnd:
                var (begun, before) = _open.Pop();
                Keep(begun, _nodes - before);
                break;
            default:
                break;
        }

        return true;
    }

    private void Keep(NodeEvent node, int nodes)
    {
        if (!node.Anchor.IsEmpty)
            _anchors[node.Anchor] = nodes;
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > MostNodes)
            throw Error($"has more than {MostNodes} nodes, those counted that aliases repeat");
    }

    private BadInputException Error(string problem) => new(file, Math.Max(1, (int)Current!.Start.Line), problem);
}
