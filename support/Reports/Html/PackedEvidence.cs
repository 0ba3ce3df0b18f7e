using System.IO.Compression;

namespace SecuritySpecs.Reports.Html;

/// <summary>
/// The evidence of the scenarios that did not fail. It is most of the page and seldom read, so the page has it compressed, and
/// posture.js adds it to a scenario that is unfolded: by scenario in the order of the page, by step, as markup.
/// </summary>
internal static class PackedEvidence
{
    /// <summary>The element that holds it.</summary>
    public static Raw Element(IEnumerable<IEnumerable<string>> evidence)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            JsonSerializer.Serialize(gzip, evidence, Posture.JsonOptions);
        return new($"<script type=\"text/plain\" id=\"evidence\">{Convert.ToBase64String(packed.ToArray())}</script>\n");
    }
}
