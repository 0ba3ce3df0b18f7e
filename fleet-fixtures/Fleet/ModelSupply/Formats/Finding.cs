namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>One reason to refuse a model.</summary>
/// <param name="File">The file, relative to the model; in an archive <c>ARCHIVE!MEMBER</c>; for the signature the bundle's name.</param>
/// <param name="What">The kind of the finding, one of the words that <c>fleet verify-model --help</c> lists.</param>
/// <param name="Why">What was expected and what was seen.</param>
internal sealed record Finding(string File, string What, string Why)
{
    private const int Longest = 600;

    /// <summary>One line: <c>FILE: WHAT: WHY</c>. What the model's author wrote cannot begin another one, nor move a terminal's cursor.</summary>
    public override string ToString() => Printable.Line($"{File}: {What}: {Why}", Longest);
}

/// <summary>Makes what strangers wrote fit for a line of a log.</summary>
internal static class Printable
{
    /// <summary>The text with every control, format and lone surrogate character written as <c>\uXXXX</c>, and its end cut off.</summary>
    public static string Line(string text, int longest)
    {
        var line = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (line.Length >= longest)
                return line.Append("...").ToString();
            if (char.IsSurrogatePair(text, i))
                line.Append(text, i++, 2);
            else if (char.IsSurrogate(text[i]) || char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                line.Append(text[i]);
        }
        return line.ToString();
    }
}
