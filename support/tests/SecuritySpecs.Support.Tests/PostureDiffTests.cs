namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class PostureDiffTests
{
    [TestCase(ResultStatus.Passed, ResultStatus.Failed, "worse")]
    [TestCase(ResultStatus.Passed, ResultStatus.Inconclusive, "worse", TestName = "What passed and now is not known is worse")]
    [TestCase(ResultStatus.Passed, null, "worse", TestName = "What passed and now is absent is worse")]
    [TestCase(ResultStatus.Inconclusive, ResultStatus.Failed, "worse")]
    [TestCase(null, ResultStatus.Failed, "worse", TestName = "What is new and fails is worse than nothing")]
    [TestCase(ResultStatus.Failed, ResultStatus.Passed, "better")]
    [TestCase(ResultStatus.Inconclusive, ResultStatus.Passed, "better")]
    [TestCase(ResultStatus.Inconclusive, ResultStatus.Skipped, "other")]
    [TestCase(null, ResultStatus.Passed, "other", TestName = "What is new and passes is no improvement of anything")]
    [TestCase(ResultStatus.Passed, ResultStatus.Passed, "nothing")]
    public void A_scenario_is_worse_better_or_other(ResultStatus? before, ResultStatus? after, string expected)
    {
        var diff = PostureDiff.Of(Of(before), Of(after));

        Lists(diff).Should().Be(expected);
        diff.Regressions.Concat(diff.Improvements).Concat(diff.Notes).Should().Equal(before == after ? [] : [$"features/f.feature: s: {Word(before)} -> {Word(after)}"]);
    }

    [TestCase(ControlStatus.Proven, ControlStatus.Simulated, "worse")]
    [TestCase(ControlStatus.Proven, ControlStatus.Partial, "worse")]
    [TestCase(ControlStatus.Simulated, ControlStatus.Failed, "worse")]
    [TestCase(ControlStatus.Failed, ControlStatus.Inconclusive, "better")]
    [TestCase(ControlStatus.Inconclusive, ControlStatus.Partial, "other")]
    public void A_control_is_worse_better_or_other(ControlStatus before, ControlStatus after, string expected) =>
        Lists(PostureDiff.Of(Of(null, before), Of(null, after))).Should().Be(expected);

    [Test]
    public void A_control_that_is_gone_is_worse() => PostureDiff.Of(Of(null, ControlStatus.Proven), Of(null)).Regressions.Should().Equal("control c: proven -> absent");

    [Test]
    public void Rows_of_one_title_are_told_apart_by_their_order()
    {
        var (one, two) = (Scenario(ResultStatus.Passed), Scenario(ResultStatus.Passed) with { Line = 9 });

        PostureDiff.Of(Of(null) with { Scenarios = [two, one] }, Of(null) with { Scenarios = [one, two with { Line = 12, Status = ResultStatus.Failed }] })
            .Regressions.Should().Equal("features/f.feature: s (2): passed -> failed");
    }

    [Test]
    public void Another_version_is_a_note() =>
        PostureDiff.Of(Of(null), Of(null) with { Cluster = new("k3s", "i", "v1.36.2", 5, []) }).Notes.Should().Equal("Kubernetes none -> v1.36.2");

    private static string Lists(PostureDiff diff) => (diff.Regressions.Count, diff.Improvements.Count, diff.Notes.Count) switch
    {
        (1, 0, 0) => "worse",
        (0, 1, 0) => "better",
        (0, 0, 1) => "other",
        (0, 0, 0) => "nothing",
        _ => "several",
    };

    private static string Word(ResultStatus? status) => status?.ToString().ToLowerInvariant() ?? "absent";

    private static ScenarioResult Scenario(ResultStatus status) => new("features/f.feature", "s", 5, [], status, 1, null, []);

    private static Posture Of(ResultStatus? scenario, ControlStatus? control = null) => new(
        Posture.CurrentSchema, new("id", default, default, null, null, null, null, false), null, null,
        control is { } status ? [new("c", "C", "s", status, 1, new(1, 0, 0, 0), 0, new Dictionary<string, IReadOnlyList<string>>())] : [],
        scenario is { } result ? [Scenario(result)] : [], [], new(0, 0, 0, 0), [], []);
}
