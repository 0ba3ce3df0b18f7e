
namespace ReqnrollNUnit.Tests;

/// <summary>How the sample's scenarios end.</summary>
[TestFixture]
public sealed class VerdictTests
{
    [TestCase("Passes")]
    [TestCase("Examples(\"passes\",\"8\",null)")]
    public void A_scenario_and_an_example_whose_steps_pass_pass(string test) => Sample.Results[test].Outcome.Should().Be("Passed");

    [Test]
    public void A_failing_step_fails_the_scenario_with_its_error_and_the_rest_is_skipped()
    {
        var result = Sample.Results["FailsInTheMiddle"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().Be("System.InvalidOperationException : the GPU is gone");
        result.Lines.Should().ContainInOrder("passed", "-> error: the GPU is gone", "Then a step that passes", "-> skipped because of previous errors", "status TestError");
    }

    [TestCase("FailsInTheMiddle", 7, 10)]
    [TestCase("AStepIsUndefined", 12, 14)]
    public void A_failure_names_the_feature_file_and_a_line_of_the_scenario(string test, int first, int last)
    {
        var line = Sample.Results[test].StackTrace.Split("verdicts.feature:line ")[1].Split('\n')[0];

        int.Parse(line, System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(first, last);
    }

    [Test]
    public void A_failing_example_fails_alone() => Sample.Results["Examples(\"fails\",\"9\",[\"failing\"])"].Outcome.Should().Be("Failed");

    [Test]
    public void An_undefined_step_fails()
    {
        Sample.Results["AStepIsUndefined"].Outcome.Should().Be("Failed");
        Sample.Results["AStepIsUndefined"].Message.Should().Contain("Reqnroll.MissingStepDefinitionException");
    }

    [TestCase("AStepCannotTell", "the cluster has no DNS")]
    [TestCase("AStepIgnoresTheTest", "no GPU here")]
    [TestCase("AHookCannotTell", "hook cannot tell")]
    public void NUnits_own_ways_to_give_no_verdict_work_in_steps_and_hooks_and_skip_the_rest(string test, string reason)
    {
        Sample.Results[test].Outcome.Should().Be("NotExecuted");
        Sample.Results[test].Message.Should().Be(reason);
        Sample.Results[test].Lines.Should().Contain(["-> skipped because of previous errors", "status Skipped"]).And.NotContain("passed");
    }

    [TestCase("IsIgnored", "Ignored scenario")]
    [TestCase("OfAnIgnoredRule", "Ignored scenario")]
    [TestCase("OfAnIgnoredFeature", "OneTimeSetUp: Ignored feature")]
    [TestCase("Examples(\"fails\",\"10\",null)", "Ignored by @ignore tag")]
    public void The_tag_ignore_skips_scenarios_rules_features_and_examples(string test, string reason)
    {
        Sample.Results[test].Outcome.Should().Be("NotExecuted");
        Sample.Results[test].Message.Should().Be(reason);
        Sample.Results[test].Lines.Should().NotContain(l => l.StartsWith("status"));
    }

    [Test]
    public void A_failing_hook_before_the_feature_fails_all_its_scenarios()
    {
        string[] messages = [Sample.Results["IsTheFirst"].Message, Sample.Results["IsTheSecond"].Message];

        messages.Should().ContainSingle(m => m.Contains("feature hook failed"))
            .And.ContainSingle(m => m.Contains("Scenario skipped because of previous before feature hook error"));
    }

    [Test]
    public void What_a_step_attaches_is_attached_to_the_test() =>
        Sample.Results["AStepAttachesAFile"].Attachments.Should().ContainSingle().Which.Should().EndWith("attached.txt");
}
