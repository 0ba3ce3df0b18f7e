using System.Security.Cryptography;

namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// A chat template: a Jinja program that the server runs on every request. Loaders differ in how well they fence it in (CVE-2024-34359),
/// so every template is listed, and one that reaches for the ways out of the fence is refused.
/// </summary>
internal static partial class ChatTemplate
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "template";

    /// <summary>What the list of a model's templates says about one.</summary>
    public static string Describe(string where, string template) =>
        $"chat template {Printable.Line(where, 100)}: {template.Length} characters, sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(template)))}";

    /// <summary>Looks for what no chat needs.</summary>
    /// <exception cref="RefusedException">It is there.</exception>
    public static void Check(string where, string template)
    {
        if (WayOut().Match(template) is { Success: true } match)
            throw new RefusedException(What, $"chat template {Printable.Line(where, 100)} has '{Printable.Line(match.Value, 40)}' at character {match.Index}: it reaches for Python's own objects");
    }

    // Names with two underscores, also when a text spells them by escapes or halves; attribute access by text; other templates.
    [GeneratedRegex("""__|\\x5f|\\u005f|\\137|\|\s*attr\b|\|\s*map\s*\(\s*attribute|['"]_['"]|%c|\b(?:cycler|joiner|lipsum|get_flashed_messages|url_for)\b\s*[.\[(]|\bself\s*[.\[]\s*['"]?_|\{%-?\s*(?:include|import|from|extends)\b""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WayOut();
}
