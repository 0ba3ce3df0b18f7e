namespace Steps.Tests;

/// <summary>The sentences of the comments in a file of fleet-fixtures that promise something about it.</summary>
internal static partial class PromisingComments
{
    /// <summary>The promising sentences of a file's text, each as one line.</summary>
    public static IReadOnlyList<string> In(string text) =>
        [.. Blocks(text).SelectMany(b => Ends().Split(b)).Where(s => Promise().IsMatch(s) && !IsNone(s))];

    // A heading of a list promises nothing by itself; placeholders are explained, not promised.
    private static bool IsNone(string sentence) => sentence.EndsWith(':') || sentence.StartsWith("Placeholder", StringComparison.Ordinal);

    // Lines of one indentation are one text. An empty comment line or an item of a list begins another.
    private static List<string> Blocks(string text)
    {
        var blocks = new List<string>();
        var indentation = -1;
        foreach (var line in text.Split('\n'))
        {
            var comment = Comment().Match(line);
            var words = comment.Groups["text"].Value.Trim(' ', '-');
            if (!comment.Success || words.Length == 0)
                indentation = -1;
            else if (indentation != comment.Groups["indentation"].Length || comment.Groups["text"].Value.StartsWith('-'))
                (indentation, blocks) = (comment.Groups["indentation"].Length, [.. blocks, words]);
            else
                blocks[^1] += $" {words}";
        }

        return blocks;
    }

    [GeneratedRegex(@"^(?<indentation> *)# *(?<text>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    // "nodes/metrics" and "requests." stand inside of sentences: the next one begins with a capital or a sign.
    [GeneratedRegex("""(?<=\.) +(?=[A-Z"'])""")]
    private static partial Regex Ends();

    [GeneratedRegex(@"\b(no|none|nobody|nothing|never|only|alone|cannot|by name)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Promise();
}
