using System.IO.Compression;

namespace SecuritySpecs.Tests;

/// <summary>The page of a whole run: how large it is, and that its packed part is the evidence.</summary>
[TestFixture]
public sealed class HtmlReportTests
{
    private static readonly Posture Run = SamplePosture.Of();
    private static readonly string Page = HtmlReport.Render(Run);

    [Test]
    public void Five_hundred_scenarios_are_less_than_2_MiB() =>
        (Encoding.UTF8.GetByteCount(Page) / Run.Scenarios.Count * 500).Should().BeLessThan(2 * 1024 * 1024);

    [Test]
    public void What_did_not_fail_has_its_evidence_packed_and_what_failed_has_it_in_the_page()
    {
        var packed = Unpacked(Page);

        packed.Should().HaveSameCount(Run.Scenarios);
        for (var n = 0; n < packed.Count; n++)
            packed[n].Should().HaveCount(Run.Scenarios[n].Status == ResultStatus.Failed ? 0 : Run.Scenarios[n].Steps.Count);
        packed[0][0].Should().StartWith("<p class=e><code>POST /api/v1/namespaces/").And.Contain("</code> <i>tenant &quot;blue&quot;</i> 403 Forbidden pods &quot;gpu-");
        Regex.Count(Page, "<p class=e>").Should().Be(Run.Scenarios.Where(s => s.Status == ResultStatus.Failed).Sum(s => s.Steps.Sum(t => t.Evidence.Count)));
    }

    [Test]
    public void Sections_stand_in_the_order_of_their_numbers() => Run.Controls.Select(c => c.Section).Should().BeInAscendingOrder(StringComparer.Ordinal);

    [Test, Explicit("to look at")]
    public void Write() => File.WriteAllText(Path.Combine(Path.GetTempPath(), "posture.html"), Page);

    /// <summary>The evidence that a page has packed.</summary>
    internal static IReadOnlyList<IReadOnlyList<string>> Unpacked(string page)
    {
        using var bytes = new MemoryStream(Convert.FromBase64String(Regex.Match(page, "id=\"evidence\">([^<]*)<").Groups[1].Value));
        using var text = new GZipStream(bytes, CompressionMode.Decompress);
        return JsonSerializer.Deserialize<List<List<string>>>(text)!;
    }
}
