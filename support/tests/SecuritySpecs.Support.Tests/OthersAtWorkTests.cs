namespace SecuritySpecs.Tests;

/// <summary>A label hides an object from the who-can analysis no longer than its scenario or run lives.</summary>
[TestFixture]
public sealed class OthersAtWorkTests
{
    private static readonly OthersAtWork Others = new("run-1", "own", new HashSet<string> { "ended" }, new HashSet<string> { "run-1", "run-2" });

    [TestCase("run-1", "working", true, TestName = "Another scenario at work")]
    [TestCase("run-1", "ended", false, TestName = "A scenario that has ended")]
    [TestCase("run-1", "own", false, TestName = "The scenario's own")]
    [TestCase("run-1", null, true, TestName = "The run's own canaries")]
    [TestCase("run-2", "ended", true, TestName = "A run that lives, whatever its scenarios are called")]
    [TestCase("run-3", "working", false, TestName = "A run that is dead")]
    [TestCase(null, "working", false, TestName = "Nobody's run")]
    public void Hides(string? run, string? scenario, bool hidden)
    {
        var labels = new Dictionary<string, string>();
        if (run is not null)
            labels[RunLabels.Run] = run;
        if (scenario is not null)
            labels[RunLabels.Scenario] = scenario;

        Others.Have(labels).Should().Be(hidden);
    }
}
