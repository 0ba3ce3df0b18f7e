namespace SecuritySpecs.Kube;

/// <summary>What a server other than the API server answered, in one line: a web page is no message.</summary>
internal static partial class OtherText
{
    private const int Longest = 600;

    /// <summary>The text in one line, cut where it is long; a web page by its title alone.</summary>
    public static string Told(string text)
    {
        if (text.TrimStart().StartsWith('<'))
            return Title().Match(text) is { Success: true } title ? $"a web page, \"{WebUtility.HtmlDecode(Line(title.Groups[1].Value))}\"" : "a web page or XML";
        var line = Line(text);
        return line.Length > Longest ? line[..Longest] + "..." : line;
    }

    private static string Line(string text) => Blanks().Replace(text, " ").Trim();

    [GeneratedRegex("<title[^>]*>(.*?)</title>", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Title();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
