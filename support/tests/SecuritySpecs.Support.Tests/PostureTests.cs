namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class PostureTests
{
    private const string Features = """
        @control:one
        Feature: F

          Scenario: A
            Given a thing

          Scenario: B
            Given a thing

          @ignore
          Scenario: C
            Given a thing
        """;

    private static readonly Catalogue Controls = Catalogue.Parse("""
        frameworks: {cis: CIS}
        controls:
          - {id: one, title: One, impact: A tenant & its pods take all., section: s, cis: ["1"]}
          - {id: two, title: Two, section: s, planned: later}
        """);

    [TestCase(ResultStatus.Passed, ResultStatus.Passed, ControlStatus.Inconclusive, TestName = "An ignored scenario leaves the control inconclusive")]
    [TestCase(ResultStatus.Passed, ResultStatus.Failed, ControlStatus.Failed, TestName = "One failed scenario fails the control")]
    [TestCase(ResultStatus.Failed, null, ControlStatus.Failed, TestName = "One failed scenario fails the control, although another was left out")]
    [TestCase(ResultStatus.Passed, null, ControlStatus.Partial, TestName = "A scenario that was left out makes the control partial")]
    [TestCase(ResultStatus.Inconclusive, null, ControlStatus.Partial, TestName = "A scenario that was left out makes the control partial, whatever this cluster can show")]
    [TestCase(ResultStatus.Passed, ResultStatus.Inconclusive, ControlStatus.Inconclusive, TestName = "An inconclusive scenario is never a pass")]
    [TestCase(ResultStatus.Passed, ResultStatus.NotProvided, ControlStatus.NotProvided, TestName = "A scenario whose file is not provided is never a pass")]
    [TestCase(ResultStatus.Failed, ResultStatus.NotProvided, ControlStatus.Failed, TestName = "One failed scenario fails the control, although a file of another is not provided")]
    public void A_control_is_judged_by_all_of_its_scenarios(ResultStatus a, ResultStatus? b, ControlStatus expected) =>
        Build(Features, [("A", a), .. b is { } second ? [("B", second)] : Array.Empty<(string, ResultStatus)>()]).Controls.Should().ContainSingle().Which.Status.Should().Be(expected);

    [Test]
    public void A_control_is_proven_when_every_scenario_that_it_has_passed()
    {
        var features = Features[..Features.IndexOf("  @ignore", StringComparison.Ordinal)];

        Build(features, ("A", ResultStatus.Passed), ("B", ResultStatus.Passed)).Controls[0].Status.Should().Be(ControlStatus.Proven);
        Build(features, ("A", ResultStatus.Passed)).Controls[0].Status.Should().Be(ControlStatus.Partial, "a run proves no control of which it left scenarios out");
    }

    [Test]
    public void A_control_whose_enforcer_is_a_program_of_ours_is_simulated_in_every_report_and_proven_in_none()
    {
        var catalogue = Catalogue.Parse("""
            frameworks: {cis: CIS}
            controls:
              - {id: one, title: One, impact: A tenant takes all., section: s, cis: ["1"], simulated: the fleet's scheduler}
            """);
        var builder = new PostureBuilder(catalogue, FeatureIndex.Parse("features/f.feature", Features[..Features.IndexOf("  Scenario: B", StringComparison.Ordinal)]));
        builder.Add(new("features/f.feature", "A", 4, ["control:one"], ResultStatus.Passed, 1, null, []));
        var posture = builder.Build(Run, null, null, []);
        using var console = new StringWriter();
        ConsoleSummary.Write(posture, console);

        posture.Controls.Should().ContainSingle().Which.Should().Match<ControlResult>(c => c.Status == ControlStatus.Simulated && c.Simulated == "the fleet's scheduler");
        posture.ToJson().Should().Contain("\"status\": \"simulated\"").And.Contain("\"simulated\": \"the fleet's scheduler\"").And.NotContain("\"proven\"");
        console.ToString().Should().Contain("  simulated     One").And.Contain("simulated: the fleet's scheduler").And.NotContain("proven");
        HtmlReport.Render(posture).Should().Contain("<td class=\"simulated\">simulated</td>").And.Contain("<b class=\"proven\">0 of 1</b>").And.Contain("simulated: the fleet&#39;s scheduler");
    }

    [TestCase(ResultStatus.Failed, true)]
    [TestCase(ResultStatus.Passed, false)]
    public void The_page_has_the_impact_of_each_control_and_the_console_that_of_the_failed_ones(ResultStatus status, bool onConsole)
    {
        var posture = Build(Features, ("A", status), ("B", ResultStatus.Passed));
        using var console = new StringWriter();
        ConsoleSummary.Write(posture, console);

        HtmlReport.Render(posture).Should().Contain("<td>One<br>Without it: A tenant &amp; its pods take all.<br>");
        posture.ToJson().Should().Contain("\"impact\": \"A tenant & its pods take all.\"");
        console.ToString().Contains("without it: A tenant & its pods take all.", StringComparison.Ordinal).Should().Be(onConsole);
    }

    [Test]
    public void A_control_of_which_nothing_ran_is_partial_unless_it_was_left_out_on_purpose()
    {
        var index = FeatureIndex.Parse("features/f.feature", Features);

        new PostureBuilder(Controls, index).Build(Run, null, null, []).Controls.Should().ContainSingle().Which.Status.Should().Be(ControlStatus.Partial);
        new PostureBuilder(Controls, FeatureIndex.Parse("features/f.feature", Features[..Features.IndexOf("  @ignore", StringComparison.Ordinal)]), filtered: true)
            .Build(Run, null, null, []).Controls.Should().BeEmpty();
    }

    [Test]
    public void Ignored_scenarios_are_skipped_and_counted_apart()
    {
        var posture = Build(Features, ("A", ResultStatus.Passed), ("B", ResultStatus.Inconclusive));

        posture.Totals.Should().Be(new Totals(1, 0, 1, 1));
        posture.Scenarios.Select(s => s.Name).Should().Equal("A", "B", "C");
    }

    [Test]
    public void A_scenario_whose_file_is_not_provided_is_counted_apart_on_the_console_and_the_page()
    {
        var posture = Build(Features, ("A", ResultStatus.Passed), ("B", ResultStatus.NotProvided));
        using var console = new StringWriter();
        ConsoleSummary.Write(posture, console);

        posture.Totals.Should().Be(new Totals(1, 0, 0, 1, 1));
        console.ToString().Should().Contain("  not provided  One").And.Contain("Not provided:\n  1 x  ").And.Contain("Scenarios  0 failed, 1 passed, 1 not provided, 1 skipped");
        HtmlReport.Render(posture).Should().Contain("<td class=\"notprovided\">not provided</td>").And.Contain("<li><b>1</b>not provided</li>").And.Contain("<b class=\"notprovided\">not provided</b> B");
    }

    [Test]
    public void A_required_capability_is_present_only_if_the_cluster_has_it()
    {
        var cluster = new ClusterInfo("k3s", "image", "v1.30.0", 1, [new("gpu", true, "seen"), new("dra", false, "not seen")]);

        var posture = new PostureBuilder(Controls, FeatureIndex.Parse("features/f.feature", Features)).Build(Run, cluster, null, ["gpu", "dra", "cluster-dns"]);

        posture.Required.Select(r => (r.Name, r.Present)).Should().Equal(("gpu", true), ("dra", false), ("cluster-dns", false));
    }

    [Test]
    public void The_JSON_form_is_read_back_as_it_was_written()
    {
        var posture = Build(Features, ("A", ResultStatus.Passed), ("B", ResultStatus.Failed));

        Posture.FromJson(posture.ToJson()).Should().BeEquivalentTo(posture);
    }

    [Test]
    public void The_console_tells_a_reason_once_with_all_of_its_places()
    {
        using var console = new StringWriter();

        ConsoleSummary.Write(Build(Features, ("A", ResultStatus.Inconclusive), ("B", ResultStatus.Inconclusive)), console);

        console.ToString().ReplaceLineEndings("\n").Should().Contain("Inconclusive:\n  2 x  why\n      features/f.feature:4, 7\n");
    }

    [Test]
    public void What_a_message_holds_cannot_break_the_page()
    {
        var posture = Build(Features, ("A", ResultStatus.Failed)) with { NonClaims = ["<script>alert(1)</script> & more"] };

        HtmlReport.Render(posture).Should().Contain("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more").And.NotContain("<script>");
    }

    [Test]
    public void The_page_leads_to_each_control_and_each_scenario_and_finds_them_by_what_they_are()
    {
        var page = HtmlReport.Render(Build(Features, ("A", ResultStatus.Failed), ("B", ResultStatus.Passed)));

        page.Should().Contain("<a class=\"failed\" href=\"#one\" title=\"One\">one <small>FAILED</small></a>").And.Contain("<tr id=\"one\">");
        page.Should().Contain("<details class=\"scenario\" id=\"features/f.feature:4\" open><summary><b class=\"failed\">failed</b> A <").And.Contain("<p class=t>@control:one\n");
        page.Should().Contain("id=\"features/f.feature:7\"><summary><b class=\"passed\">passed</b> B <");
    }

    [Test]
    public void Five_thousand_scenarios_are_a_page_within_seconds()
    {
        var step = new StepResult("Given", "tenant \"blue\" has a quota of 2 GPUs", ResultStatus.Passed, 1, [new("tenant \"blue\"", "POST", "/api/v1/namespaces/blue/pods", 403, "Forbidden", "exceeded quota", DateTimeOffset.UnixEpoch, 3)]);
        var scenarios = Enumerable.Range(1, 5_000).Select(n => new ScenarioResult("features/f.feature", $"Scenario {n}", n, ["control:one"], ResultStatus.Passed, 1, null, [step, step, step])).ToList();
        var posture = Build(Features, ("A", ResultStatus.Passed)) with { Scenarios = scenarios };
        var clock = Stopwatch.StartNew();

        var page = HtmlReport.Render(posture);

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        (page.Length / 5_000).Should().BeLessThan(900, "so long is a scenario of three steps");
    }

    [Test]
    public void The_page_asks_for_nothing_from_elsewhere() =>
        HtmlReport.Render(Build(Features, ("A", ResultStatus.Passed))).Should().NotContainAny("http://", "https://", "src=", "<link", "@import");

    private static readonly RunInfo Run = new("abc", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, 2, null, null, false);

    private static Posture Build(string features, params (string Name, ResultStatus Status)[] results)
    {
        var index = FeatureIndex.Parse("features/f.feature", features);
        var builder = new PostureBuilder(Controls, index);
        foreach (var (name, status) in results)
        {
            var place = index.Find("F", name, new Dictionary<string, string>());
            var evidence = new EvidenceEntry("tenant", "GET", "/api", 403, "Forbidden", "no", DateTimeOffset.UnixEpoch, 1);
            builder.Add(new(place.Feature, place.Name, place.Line, place.Tags, status, 5, status == ResultStatus.Passed ? null : "why", [new("Given", "a thing", status, 1, [evidence])]));
        }

        return builder.Build(Run, null, new(32, ["a100-1"], ["h100-1"]), []);
    }
}
