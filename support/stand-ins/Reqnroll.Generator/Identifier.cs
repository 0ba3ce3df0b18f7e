using System.Text;
using System.Text.RegularExpressions;

namespace Reqnroll.Generator;

/// <summary>Names of C# members from titles, the same as the real generator gives.</summary>
internal static partial class Identifier
{
    /// <summary>'scale GPU-pool "a"' becomes ScaleGPU_PoolA.</summary>
    public static string Of(string text)
    {
        var words = WordStart().Replace(text.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal), m => m.Value.ToUpperInvariant());
        var plain = Plain(Punctuation().Replace(words, "_"));
        if (plain.Length == 0) return plain;
        var identifier = char.ToUpperInvariant(plain[0]) + plain[1..];
        return char.IsDigit(identifier[0]) ? $"_{identifier}" : identifier;
    }

    /// <summary>The same beginning with a small letter; _ for text without a letter.</summary>
    public static string CamelCase(string text)
    {
        var identifier = Of(text);
        return identifier.Length == 0 ? "_" : char.ToLowerInvariant(identifier[0]) + identifier[1..];
    }

    /// <summary>Drops accents and what no identifier may have.</summary>
    private static string Plain(string text) =>
        NotIdentifier().Replace(text.Normalize(NormalizationForm.FormD), "").Normalize(NormalizationForm.FormC);

    [GeneratedRegex(@"(?<=[^\p{Ll}\p{Lu}])\p{Ll}")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"[\n.-]+")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"[^\p{Ll}\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{Nl}\p{Nd}\p{Pc}]")]
    private static partial Regex NotIdentifier();
}
