namespace SecuritySpecs.Reports.Phrases;

/// <summary>A value of a parameter as it is listed: <c>{string}</c> is a text in quotes, and <c>(...)</c> may be left out.</summary>
public static partial class ValueForm
{
    /// <summary>Whether a text is such a value.</summary>
    public static bool Fits(string form, string text) =>
        form == text || Regex.IsMatch(text, $"^{Optional().Replace(Regex.Escape(form).Replace(@"\{string}", "\"[^\"]*\"", StringComparison.Ordinal), "(?:$1)?")}$");

    /// <summary>A value without what may be left out.</summary>
    public static string Shortest(string form) => LeftOut().Replace(form, "");

    /// <summary>What all of some values may have at their end; empty for nothing.</summary>
    public static string CommonEnd(IReadOnlyList<string> forms)
    {
        var end = forms.Count > 1 ? End().Match(forms[0]).Value : "";
        return forms.All(f => f.EndsWith(end, StringComparison.Ordinal)) ? end : "";
    }

    [GeneratedRegex(@"\\\((.*?)\\\)")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"\([^()]*\)$")]
    private static partial Regex End();
}
