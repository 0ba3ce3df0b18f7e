namespace SecuritySpecs.Reports.Phrases;

/// <summary>
/// A value of a parameter as it is listed: <c>{string}</c> is a text in quotes, <c>{int}</c> a number, <c>{trait}</c> and the like a value
/// of another parameter, and <c>(...)</c> may be left out.
/// </summary>
public static partial class ValueForm
{
    /// <summary>Whether a text is such a value.</summary>
    public static bool Fits(string form, string text) => form == text || Regex.IsMatch(text, $"^{Pattern(form)}$");

    /// <summary>The parameters of which it holds a value.</summary>
    public static IEnumerable<string> Parameters(string form) => Parameter().Matches(form).Select(m => m.Groups[1].Value);

    /// <summary>A value without what may be left out.</summary>
    public static string Shortest(string form) => Innermost(form, LeftOut(), "");

    /// <summary>What all of some values may have at their end; empty for nothing.</summary>
    public static string CommonEnd(IReadOnlyList<string> forms)
    {
        var end = forms.Count > 1 ? End().Match(forms[0]).Value : "";
        return forms.All(f => f.EndsWith(end, StringComparison.Ordinal)) ? end : "";
    }

    private static string Pattern(string form)
    {
        var words = Regex.Escape(form).Replace(@"\{string}", "\"[^\"]*\"", StringComparison.Ordinal)
            .Replace(@"\{int}", "[0-9]+", StringComparison.Ordinal);
        return Innermost(Other().Replace(words, ".+"), Optional(), "(?:$1)?");
    }

    // What may be left out can hold more of the kind: "( with {int} GPU(s))".
    private static string Innermost(string text, Regex expression, string replacement)
    {
        while (expression.IsMatch(text))
            text = expression.Replace(text, replacement);
        return text;
    }

    [GeneratedRegex(@"\\\(((?:(?!\\[()]).)*)\\\)")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\\\{[a-z]+}")]
    private static partial Regex Other();

    [GeneratedRegex(@"\{([a-z]+)}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"\([^()]*\)$")]
    private static partial Regex End();
}
