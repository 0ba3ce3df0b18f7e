using SecuritySpecs.Cluster.ControlPlane;

namespace SecuritySpecs.Tests;

/// <summary>A text is found wherever the pieces are cut.</summary>
[TestFixture]
public sealed class ByteSearchTests
{
    private const string Text = "\0\0needle\0\n\0";

    [Test]
    public void A_text_is_found_in_pieces_of_any_size()
    {
        for (var size = 1; size <= Text.Length; size++)
        {
            var search = new ByteSearch(["needle", "eedle\0\n\0", "needles"]);
            foreach (var piece in Encoding.UTF8.GetBytes(Text).Chunk(size))
                search.Add(piece);

            search.Has("needle").Should().BeTrue("pieces of {0} bytes hold it", size);
            search.Has("eedle\0\n\0").Should().BeTrue("pieces of {0} bytes end with it", size);
            search.Has("needles").Should().BeFalse("it is not there");
            search.Length.Should().Be(Text.Length);
        }
    }
}
