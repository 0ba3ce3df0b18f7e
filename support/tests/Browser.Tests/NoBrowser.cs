namespace Browser.Tests;

/// <summary>Stands for the tests where there is no browser.</summary>
[TestFixture]
public sealed class NoBrowser
{
    [Test]
    public void The_page_is_not_tried_in_a_browser() => Assert.Ignore("Needs Debian's chromium in /usr/bin.");
}
