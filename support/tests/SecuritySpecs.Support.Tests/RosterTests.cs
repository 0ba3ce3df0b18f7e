namespace SecuritySpecs.Tests;

/// <summary>Each scenario that was selected has exactly one verdict, or the run is in error.</summary>
[TestFixture]
public sealed class RosterTests
{
    private static readonly RosterEntry[] Selected = [new("1", "Quota: One"), new("2", "Quota: Two"), new("3", "Quota: Three (a, b)")];
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("specs-roster-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(new[] { "1", "2", "3" }, new string[0])]
    [TestCase(new[] { "1", "3" }, new[] { "1 scenario without a verdict: Quota: Two" })]
    [TestCase(new[] { "1" }, new[] { "2 scenarios without a verdict: Quota: Three (a, b); Quota: Two" })]
    [TestCase(new[] { "1", "2", "2", "3" }, new[] { "1 scenario with more than one verdict: Quota: Two" })]
    [TestCase(new[] { "1", "2", "3", "4" }, new[] { "1 scenario with a verdict although the filter did not select it: verdict 4" })]
    public void Missing_double_and_unknown_verdicts_are_told_by_name(string[] verdicts, string[] problems)
    {
        using var roster = Roster.Begin(_folder, Selected);

        foreach (var id in verdicts)
            roster.AddVerdict(id, $"verdict {id}");

        roster.Problems().Should().Equal(problems);
    }

    [Test]
    public void A_run_that_selects_nothing_shows_nothing()
    {
        using var roster = Roster.Begin(_folder, []);

        roster.Problems().Should().Equal("The run selected no scenario.");
    }

    [Test]
    public void A_process_that_dies_leaves_the_names_of_those_without_a_verdict()
    {
        using (var roster = Roster.Begin(_folder, Selected))
            roster.AddVerdict("2", "verdict 2");
        File.AppendAllText(Path.Combine(_folder, Roster.FileName), """{"Kind":"verdict","I""");

        using var left = Roster.Read(_folder);

        left!.Count.Should().Be(3);
        left.Problems().Should().Equal("2 scenarios without a verdict: Quota: One; Quota: Three (a, b)");
    }

    [Test]
    public void Before_a_run_there_is_none() => Roster.Read(_folder).Should().BeNull();
}
