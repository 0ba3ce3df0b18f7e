namespace SecuritySpecs.Tests;

/// <summary>Console and page tell the same story in the same words.</summary>
[TestFixture]
public sealed class WordingTests
{
    private static readonly ScenarioResult Failure = Result(23, ResultStatus.Failed, string.Join('\n', Enumerable.Range(1, 60).Select(n => $"line {n}.")));

    [TestCase(4, 19, 0, 0, 0, "4 of 23 scenarios failed, 19 passed")]
    [TestCase(0, 23, 0, 0, 0, "23 of 23 scenarios passed")]
    [TestCase(0, 1, 0, 0, 22, "1 of 23 scenarios passed, 22 left out")]
    [TestCase(0, 20, 2, 1, 0, "20 of 23 scenarios passed, 2 inconclusive, 1 skipped")]
    [TestCase(0, 0, 23, 0, 0, "23 of 23 scenarios inconclusive")]
    public void Counts_say_which_number_is_which(int failed, int passed, int inconclusive, int skipped, int leftOut, string expected) =>
        Wording.Counts(Control(ControlStatus.Failed, new(passed, failed, inconclusive, skipped), leftOut)).Should().Be(expected);

    [Test]
    public void Console_and_page_have_the_same_words_and_counts_and_the_ids_of_controls()
    {
        var posture = Partial();

        foreach (var text in (string[])[Console(posture), HtmlReport.Render(posture)])
        {
            text.Should().ContainAll("gpu-quota", "FAILED", "1 of 3 scenarios failed, 2 left out", "1 FAILED", "1 failed, 0 passed, 2 left out",
                "support/specs run features/a.feature:23",
                "Partial report: only --name quota was asked for. It has 1 of 3 scenarios; 2 are left out.");
        }
    }

    [Test]
    public void What_was_left_out_is_in_the_page_and_in_the_JSON_form()
    {
        HtmlReport.Render(Partial()).Should().Contain("Left out").And.Contain("Scenario 30").And.Contain("features/a.feature:30");
        Partial().ToJson().Should().MatchRegex("\"leftOut\": \\[\\s*\\{\\s*\"feature\": \"features/a.feature\",\\s*\"name\": \"Scenario 30\",\\s*\"line\": 30").And.Contain("\"selection\": \"--name quota\"");
    }

    [Test]
    public void A_run_of_all_scenarios_is_not_called_partial()
    {
        var posture = Partial() with { LeftOut = [], Run = Partial().Run with { Selection = null } };

        $"{Console(posture)}{HtmlReport.Render(posture)}".Should().NotContain("Partial report").And.NotContain("Left out");
    }

    [TestCase(null, "Partial report: the run was interrupted. It has 1 of 3 scenarios; 2 are left out.")]
    [TestCase("--name quota", "Partial report: the run of --name quota was interrupted. It has 1 of 3 scenarios; 2 are left out.")]
    public void An_interrupted_run_says_so_everywhere(string? selection, string expected)
    {
        var posture = Partial() with { Run = Partial().Run with { Selection = selection, Interrupted = true } };

        Console(posture).Should().Contain(expected);
        HtmlReport.Render(posture).Should().Contain(expected);
        posture.ToJson().Should().Contain("\"interrupted\": true");
    }

    [Test]
    public void On_a_cluster_of_somebodys_the_command_that_repeats_a_failure_names_it() =>
        Wording.Again(Partial() with { Cluster = new("kubeconfig", "prod", "v1.30.0", 3, []) }, Failure).Should().Be("support/specs run features/a.feature:23 --cluster KUBECONFIG");

    [Test]
    public void Of_a_long_failure_the_console_keeps_beginning_and_end_and_names_the_file_with_all_of_it()
    {
        var text = Console(Partial());

        text.Should().ContainAll("line 1.", "line 12.", "[28 lines left out; all of it is in results/posture.html]", "line 41.", "line 60.").And.NotContainAny("line 13.", "line 40.");
        HtmlReport.Render(Partial()).Should().ContainAll("line 13.", "line 40.");
    }

    [TestCase(3, "1 2 3")]
    [TestCase(5, "1 2 3 4 5", Description = "One line less would be none: the line that says so takes its place")]
    [TestCase(6, "1 2 [2 lines left out] 5 6")]
    public void An_excerpt_keeps_head_and_tail(int lines, string expected) =>
        string.Join(' ', Excerpt.Of(string.Join("\r\n\n", Enumerable.Range(1, lines)), 2, 2)).Should().Be(expected);

    private static string Console(Posture posture)
    {
        using var to = new StringWriter();
        ConsoleSummary.Write(posture, to, "results/posture.html");
        return to.ToString();
    }

    private static Posture Partial() => new(Posture.CurrentSchema, new("abc", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, 2, null, "--name quota", false), null, null,
        [Control(ControlStatus.Failed, new(0, 1, 0, 0), 2)], [Failure], [LeftOut(30), LeftOut(40)], new(0, 1, 0, 0), [], ["nothing"]);

    private static ControlResult Control(ControlStatus status, Totals outcomes, int leftOut) =>
        new("gpu-quota", "GPU quota", "20-rbac-and-quotas", status, outcomes.Failed + outcomes.Passed + outcomes.Inconclusive + outcomes.Skipped + leftOut, outcomes, leftOut, new Dictionary<string, IReadOnlyList<string>>());

    private static ScenarioResult Result(int line, ResultStatus status, string? error) => new("features/a.feature", $"Scenario {line}", line, [], status, 1, error, []);

    private static LeftOutScenario LeftOut(int line) => new("features/a.feature", $"Scenario {line}", line);
}
