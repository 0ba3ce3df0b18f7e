using System.Xml.Linq;
using SecuritySpecs.Reports.Formats;

namespace SecuritySpecs.Tests;

/// <summary>Every format says what the posture says: the same totals, and no pass that is none.</summary>
[TestFixture]
public sealed class ReportFormatTests
{
    private const string Feature = "features/20-rbac-and-quotas/gpu-quota.feature";
    private const string Hostile = "got <b>&\"'` | ]]> \u0007\u001b[31m \ud83d\ude00 ``` */ --> end";

    private static readonly RunInfo Run = new("025ea7c0", DateTimeOffset.UnixEpoch.AddDays(20_000), DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(4), 6_000, 8_000, null, null, false);

    private static readonly Posture All = Of(
        Scenario("real", "passes", ResultStatus.Passed), Scenario("real", "passes, too", ResultStatus.Passed),
        Scenario("weak", "does not hold", ResultStatus.Failed, Hostile, FailureKind.Assertion), Scenario("weak", "cannot be carried out", ResultStatus.Failed, "no answer", FailureKind.Error),
        Scenario("real", "needs more", ResultStatus.Inconclusive, "This cluster lacks dra"), Scenario("real", "is ignored", ResultStatus.Skipped, "@ignore"),
        Scenario("real", "has no file", ResultStatus.NotProvided, "controls/gpu-pools.yaml"),
        Scenario("hami", "passes against ours", ResultStatus.Passed));

    private static IEnumerable<ReportFormat> Formats => ReportFormat.All;

    [Test]
    public void JUnit_has_a_case_a_scenario_and_no_pass_that_is_none()
    {
        var document = XDocument.Parse(JunitReport.Render(All));
        var cases = document.Descendants("testcase").ToDictionary(c => (string)c.Attribute("name")!, c => c.Elements().SingleOrDefault());

        cases.Where(c => c.Value is null).Select(c => c.Key).Should().BeEquivalentTo("passes", "passes, too");
        cases["does not hold"]!.Name.LocalName.Should().Be("failure");
        cases["cannot be carried out"]!.Name.LocalName.Should().Be("error");
        Skipped("needs more").Should().Be("inconclusive: This cluster lacks dra");
        Skipped("is ignored").Should().Be("skipped: @ignore");
        Skipped("has no file").Should().Be("not provided: controls/gpu-pools.yaml");
        Skipped("passes against ours").Should().Be("simulated: HAMi's scheduler");
        Counts(document.Root!).Should().Be("8 1 1 4").And.Be(Counts(document.Descendants("testsuite").Single()));
        cases["does not hold"]!.Value.Should().Contain("got <b>&\"'` | ]]>").And.Contain("\ud83d\ude00").And.NotContain("\u0007");

        string Skipped(string name) => cases[name] is { Name.LocalName: "skipped" } skipped ? (string)skipped.Attribute("message")! : "not skipped";
    }

    [TestCase(false, ResultStatus.Passed, "passed", "passed")]
    [TestCase(false, ResultStatus.Failed, "failure", "failure")]
    [TestCase(false, ResultStatus.Inconclusive, "skipped", "skipped")]
    [TestCase(true, ResultStatus.Passed, "skipped", "skipped", Description = "a fleet that is no hardware")]
    [TestCase(true, ResultStatus.Failed, "failure", "failure")]
    public void Conformance_is_shown_on_hardware_alone_and_as_a_whole(bool ownFleet, ResultStatus last, string expected, string whole)
    {
        var tests = ConformanceReport.Tests;
        var posture = Of([.. tests.Select((t, n) => Scenario("real", $"scenario {n}", n == tests.Count - 1 ? last : ResultStatus.Passed) with { Tags = ["control:real", ConformanceReport.Tag + t] })]);

        var cases = XDocument.Parse(ConformanceReport.Render(posture with { Cluster = new("k3s", "k", "v1.36.2", 1, [new("own-fleet", ownFleet, "how")]) }))
            .Descendants("testcase").ToDictionary(c => (string)c.Attribute("name")!, c => c.Elements().SingleOrDefault()?.Name.LocalName ?? "passed");

        cases.Keys.Should().Equal(["TestSecureAcceleratorAccess", .. tests]);
        cases[tests[^1]].Should().Be(expected);
        cases["TestSecureAcceleratorAccess"].Should().Be(whole);
    }

    [Test]
    public void A_conformance_test_that_no_scenario_has_run_is_skipped()
    {
        var cases = XDocument.Parse(ConformanceReport.Render(All)).Descendants("testcase");

        cases.Should().HaveCount(4).And.OnlyContain(c => ((string)c.Element("skipped")!.Attribute("message")!).StartsWith("not run"));
    }

    [Test]
    public void The_totals_of_CTRF_are_those_of_the_posture()
    {
        var results = JsonNode.Parse(CtrfReport.Render(All))!["results"]!;
        var (summary, words) = (results["summary"]!, results["tests"]!.AsArray().CountBy(t => $"{t!["status"]} {t["rawStatus"]}").ToDictionary());

        words.Should().BeEquivalentTo(new Dictionary<string, int>
        {
            ["passed passed"] = 2, ["failed failed"] = 1, ["failed error"] = 1, ["other inconclusive"] = 1, ["other simulated"] = 1, ["skipped skipped"] = 1, ["skipped not provided"] = 1,
        });
        ((int)summary["tests"]!, (int)summary["passed"]!, (int)summary["failed"]!, (int)summary["other"]!, (int)summary["skipped"]!).Should().Be((8, 2, 2, 2, 2));
    }

    [Test]
    public void Sarif_has_a_result_for_what_did_not_hold_and_a_note_for_what_nobody_knows()
    {
        var run = JsonNode.Parse(SarifReport.Render(All))!["runs"]![0]!;

        run["results"]!.AsArray().Select(r => (string)r!["message"]!["text"]!).Should().SatisfyRespectively(
            r => r.Should().StartWith("does not hold\nfailed: got <b>"), r => r.Should().Be("cannot be carried out\nerror: no answer"));
        run["results"]!.AsArray().Select(r => run["tool"]!["driver"]!["rules"]![(int)r!["ruleIndex"]!]!["id"]!.ToString()).Should().Equal("weak", "weak");
        run["invocations"]![0]!["toolExecutionNotifications"]!.AsArray().Select(n => (string)n!["message"]!["text"]!)
            .Should().Equal("needs more\ninconclusive: This cluster lacks dra", "is ignored\nskipped: @ignore", "has no file\nnot provided: controls/gpu-pools.yaml", "passes against ours\nsimulated: HAMi's scheduler");
        var totals = run["properties"]!;
        new Totals((int)totals["passed"]!, (int)totals["failed"]!, (int)totals["inconclusive"]!, (int)totals["skipped"]!, (int)totals["notProvided"]!).Should().Be(All.Totals);
    }

    [Test]
    public void A_fingerprint_of_Sarif_is_that_of_the_scenario_wherever_it_stands_and_however_it_fails()
    {
        string Print(ScenarioResult scenario) => (string)JsonNode.Parse(SarifReport.Render(Of(scenario)))!["runs"]![0]!["results"]![0]!["partialFingerprints"]!["scenario/v1"]!;

        var one = Print(Scenario("weak", "a", ResultStatus.Failed, "x"));

        Print(Scenario("weak", "a", ResultStatus.Failed, "y") with { Line = 99 }).Should().Be(one);
        Print(Scenario("weak", "b", ResultStatus.Failed, "x")).Should().NotBe(one);
    }

    [Test]
    public void Sarif_keeps_within_what_GitHub_takes()
    {
        var many = Of([.. Enumerable.Range(0, 6_000).Select(n => Scenario("weak", $"scenario {n}", ResultStatus.Failed, new string('x', 20_000)))]);

        var run = JsonNode.Parse(SarifReport.Render(many))!["runs"]![0]!;

        run["results"]!.AsArray().Should().HaveCount(5_000);
        ((string)run["results"]![0]!["message"]!["text"]!).Length.Should().BeLessThan(5_000);
        ((int)run["properties"]!["failed"]!).Should().Be(6_000, "the totals leave nothing out");
        run["tool"]!["driver"]!["rules"]!.AsArray().Should().OnlyContain(r => r!["properties"]!["tags"]!.AsArray().Count <= 20);
    }

    [TestCase("real", ControlStatus.Proven, "satisfied pass", "pass")]
    [TestCase("real", ControlStatus.Failed, "not-satisfied fail", "fail")]
    [TestCase("real", ControlStatus.Simulated, "not-satisfied other", "warn")]
    [TestCase("real", ControlStatus.Inconclusive, "not-satisfied other", "skip")]
    [TestCase("real", ControlStatus.NotProvided, "not-satisfied other", "skip")]
    [TestCase("real", ControlStatus.Partial, "not-satisfied other", "skip")]
    public void Only_a_proven_control_is_satisfied(string control, ControlStatus status, string oscal, string open)
    {
        var posture = All with { Controls = [.. All.Controls.Select(c => c.Id == control ? c with { Status = status } : c)] };

        var finding = JsonNode.Parse(OscalReport.Render(posture))!["assessment-results"]!["results"]![0]!["findings"]!.AsArray().Single(f => (string)f!["target"]!["target-id"]! == control)!;
        var report = JsonNode.Parse(OpenReport.Render(posture))!;
        var result = report["results"]!.AsArray().Single(r => (string)r!["policy"]! == control)!;

        $"{finding["target"]!["status"]!["state"]} {finding["target"]!["status"]!["reason"]}".Should().Be(oscal);
        ((string)result["result"]!).Should().Be(open);
        foreach (var word in (string[])["pass", "fail", "warn", "error", "skip"])
            ((int)report["summary"]![word]!).Should().Be(report["results"]!.AsArray().Count(r => (string)r!["result"]! == word), word);
    }

    [Test]
    public void Every_observation_of_Oscal_is_that_of_its_control()
    {
        var result = JsonNode.Parse(OscalReport.Render(All))!["assessment-results"]!["results"]![0]!;
        var titles = result["observations"]!.AsArray().ToDictionary(o => (string)o!["uuid"]!, o => (string)o!["title"]!);

        result["findings"]!.AsArray().ToDictionary(f => (string)f!["target"]!["target-id"]!, f => string.Join(", ", f!["related-observations"]!.AsArray().Select(o => titles[(string)o!["observation-uuid"]!])))
            .Should().BeEquivalentTo(new Dictionary<string, string>
            {
                ["real"] = "passes, passes, too, needs more, is ignored, has no file", ["weak"] = "does not hold, cannot be carried out", ["hami"] = "passes against ours",
            });
    }

    [Test]
    public void Markdown_tells_each_failure_and_cannot_be_led_out_of_its_fence()
    {
        var text = MarkdownReport.Render(All);

        text.Should().Contain("### does not hold\n").And.Contain($"again: `support/specs run {Feature}:7`").And.Contain("- 1 inconclusive: This cluster lacks dra").And.Contain("- 1 not provided: controls/gpu-pools.yaml").And.Contain("simulated: HAMi's scheduler");
        MarkdownReport.Render(Of(Scenario("weak", "a", ResultStatus.Failed, "x\n```\n# out\n"))).Should().Contain("\n````text\nx\n```\n# out\n````\n");
    }

    [Test]
    public void Markdown_is_no_longer_than_a_job_takes()
    {
        var text = MarkdownReport.Render(Of([.. Enumerable.Range(0, 300).Select(n => Scenario("weak", $"scenario {n}", ResultStatus.Failed, string.Join('\n', Enumerable.Repeat("\u00e9 line", 900))))]));

        Encoding.UTF8.GetByteCount(text).Should().BeInRange(MarkdownReport.MostBytes - 20_000, MarkdownReport.MostBytes);
        text.Should().EndWith("*The rest is left out: posture.html has all of it.*\n");
        (text.Split('\n').Count(l => l.StartsWith("```", StringComparison.Ordinal)) % 2).Should().Be(0, "every fence is closed");
    }

    [TestCaseSource(nameof(Formats))]
    public void A_partial_run_and_a_run_in_error_do_not_look_like_whole_ones(ReportFormat format)
    {
        var partial = All with { Run = Run with { Selection = "--name quota", Error = "the kubelet of a100-1 is gone" }, LeftOut = [new(Feature, "another", 9)] };

        var text = format.Render(partial);

        if (format.Render != OpenReport.Render) // of a partial run its controls are partial, which is a skip
            text.Should().Contain("Partial report: only --name quota was asked for").And.Contain("the kubelet of a100-1 is gone");
    }

    [TestCaseSource(nameof(Formats))]
    public void The_same_posture_makes_the_same_text_after_a_way_through_JSON(ReportFormat format) =>
        format.Render(Posture.FromJson(All.ToJson())).Should().Be(format.Render(All));

    [TestCaseSource(nameof(Formats))]
    public void A_run_without_a_cluster_has_a_report_too(ReportFormat format) =>
        format.Render(Of() with { Cluster = null, Fleet = null, Controls = [], Run = Run with { Error = "no engine" } }).Should().NotBeEmpty();

    [TestCase("xml", "there is no format 'xml'; there are: html, markdown, junit, ai-conformance, ctrf, sarif, oscal, openreports")]
    [TestCase("junit,", "there is no format ''*")]
    public void A_format_that_is_none_is_told(string names, string message) =>
        FluentActions.Invoking(() => ReportFormat.Of(names)).Should().Throw<EnvironmentException>().WithMessage(message);

    [Test]
    public void Formats_are_chosen_by_name() => ReportFormat.Of("sarif, junit,sarif").Select(f => f.File).Should().Equal("posture.sarif", "posture.junit.xml");

    private static string Counts(XElement suite) => $"{suite.Attribute("tests")!.Value} {suite.Attribute("failures")!.Value} {suite.Attribute("errors")!.Value} {suite.Attribute("skipped")!.Value}";

    private static Posture Of(params ScenarioResult[] scenarios) => new(
        Posture.CurrentSchema, Run, new("k3s", "image", "v1.36.2", 5, [new("dra", false, "not served")]), new(32, ["a100-1"], ["h100-1"]),
        [Control("real", ControlStatus.Proven, null, scenarios), Control("weak", ControlStatus.Failed, null, scenarios), Control("hami", ControlStatus.Simulated, "HAMi's scheduler", scenarios)],
        scenarios, [], Totals.Of(scenarios), [], ["what no run proves"]);

    private static ControlResult Control(string id, ControlStatus status, string? simulated, ScenarioResult[] scenarios)
    {
        var own = scenarios.Where(s => s.Tags.Contains($"control:{id}")).ToList();
        return new(id, $"Title of {id}", "20-rbac-and-quotas", status, own.Count, Totals.Of(own), own.Count == 0 ? 1 : 0,
            new Dictionary<string, IReadOnlyList<string>> { ["CIS"] = [.. Enumerable.Range(1, 25).Select(n => $"5.1.{n}")] }, simulated, $"A tenant takes all ({id}).");
    }

    private static ScenarioResult Scenario(string control, string name, ResultStatus status, string? error = null, FailureKind? failure = null) =>
        new(Feature, name, 7, [$"control:{control}"], status, 1_250, error, [], failure);
}
