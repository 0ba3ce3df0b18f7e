using FluentAssertions;
using NUnit.Framework;

namespace Reqnroll.Tests;

/// <summary>How the scenarios of the sample project Verdicts end, and what they leave to read.</summary>
[TestFixture]
[NonParallelizable]
public sealed class VerdictTests
{
    private const string Unfinished = "Name=AStepIsUndefined|Name=AStepIsPending";

    private SampleProject _project = null!;
    private TestResults _results = null!;

    [OneTimeSetUp]
    public void RunSample()
    {
        _project = new SampleProject("Verdicts");
        var build = _project.Build();
        build.ExitCode.Should().Be(0, build.Text);
        _results = _project.Test("FullyQualifiedName~Verdicts");
    }

    [Test]
    public void A_scenario_whose_steps_pass_passes()
    {
        var result = _results["Passes"];

        result.Outcome.Should().Be("Passed");
        result.Output.Should().ContainAll("Given a step that passes", "-> done: Steps.Pass()", "after step: OK, no error", "after scenario: OK, no error");
    }

    [Test]
    public void A_failing_step_fails_the_scenario_with_its_error_and_skips_the_rest()
    {
        var result = _results["FailsInTheMiddle"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().Contain("System.InvalidOperationException : the GPU is gone");
        InOrder(
            result,
            "-> done: Steps.Pass()",
            "When a step fails with \"the GPU is gone\"",
            "-> error: the GPU is gone",
            "after step: TestError, the GPU is gone",
            "Then a step that passes",
            "-> skipped because of previous errors",
            "after scenario: TestError, InvalidOperationException");
    }

    [Test]
    public void A_failure_names_the_feature_file_with_a_line() =>
        _results["FailsInTheMiddle"].StackTrace.Should().MatchRegex(@"verdicts\.feature:line \d+");

    [Test]
    public void What_a_scenario_created_is_disposed_after_its_hooks() =>
        InOrder(_results["Passes"], "resource used", "after scenario", "resource disposed");

    [Test]
    public void An_undefined_step_fails_and_shows_a_definition_to_paste()
    {
        var result = _results["AStepIsUndefined"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().Contain("Reqnroll.MissingStepDefinitionException");
        result.Output.Should().ContainAll("-> undefined:", "[When(\"tenant {string} gets {int}", "(string ", "DataTable dataTable)", "throw new PendingStepException();");
        result.Output.Should().Contain("after scenario: UndefinedStep, no error");
    }

    [Test]
    public void A_pending_step_fails_where_the_configuration_says_so()
    {
        var result = _results["AStepIsPending"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().Contain("Reqnroll.PendingStepException");
        result.Output.Should().ContainAll("-> pending: Steps.Pend()", "after scenario: StepDefinitionPending, PendingStepException");
    }

    [Test]
    public void Undefined_and_pending_steps_are_inconclusive_by_default()
    {
        File.WriteAllText(Path.Combine(_project.Output, "reqnroll.json"), "{}");
        var results = _project.Test(Unfinished);

        results.Names.Should().BeEquivalentTo(["AStepIsUndefined", "AStepIsPending"], "the filter lets only these through");
        results["AStepIsUndefined"].Outcome.Should().Be("NotExecuted");
        results["AStepIsUndefined"].Message.Should().ContainAll("No matching step definition", "[When(\"tenant {string} gets {int}");
        results["AStepIsPending"].Outcome.Should().Be("NotExecuted");
        results["AStepIsPending"].Message.Should().Contain("Steps.Pend()");
    }

    [TestCase("AStepIsAmbiguous", "Reqnroll.AmbiguousBindingException : Ambiguous step definitions found for step 'Given a step with two definitions'", "BindingError, AmbiguousBindingException")]
    [TestCase("ADefinitionTakesTooFewArguments", "Reqnroll.BindingException : Parameter count mismatch!", "BindingError, BindingException")]
    [TestCase("AnArgumentIsNoMemberOfTheEnum", "'purple'", "TestError, ArgumentException")]
    public void A_wrong_binding_fails_the_scenario(string test, string message, string status)
    {
        _results[test].Outcome.Should().Be("Failed");
        _results[test].Message.Should().Contain(message);
        _results[test].Output.Should().Contain($"after scenario: {status}");
    }

    [TestCase("IsIgnored")]
    [TestCase("Examples(\"hides\",\"15\",null)")]
    public void The_tag_ignore_skips_scenarios_and_examples(string test)
    {
        _results[test].Outcome.Should().Be("NotExecuted");
        _results[test].Output.Should().NotContain("after scenario");
    }

    [TestCase("AStepIgnoresTheTest", "no GPU here", "IgnoreException")]
    [TestCase("AStepCannotTell", "the cluster has no DNS", "InconclusiveException")]
    [TestCase("AHookCannotTell", "hook cannot tell", "InconclusiveException")]
    public void NUnits_own_ways_to_give_no_verdict_work_in_steps_and_hooks(string test, string reason, string error)
    {
        _results[test].Outcome.Should().Be("NotExecuted");
        _results[test].Message.Should().Be(reason);
        InOrder(_results[test], "-> skipped because of previous errors", $"after scenario: Skipped, {error}");
    }

    [Test]
    public void A_failing_hook_before_the_scenario_skips_its_steps_but_not_the_hooks_after_it()
    {
        var result = _results["AHookFailsBefore"];

        result.Outcome.Should().Be("Failed");
        result.Message.Should().Contain("hook failed");
        result.Output.Should().NotContain("later hook ran");
        InOrder(result, "-> skipped because of previous errors", "after scenario: TestError, InvalidOperationException");
    }

    [Test]
    public void A_failing_hook_after_the_scenario_fails_it_and_things_are_disposed()
    {
        _results["AHookFailsAfter"].Outcome.Should().Be("Failed");
        _results["AHookFailsAfter"].Message.Should().Contain("after hook failed");
        _results["AHookFailsAfter"].Output.Should().Contain("resource disposed");
    }

    [Test]
    public void A_failing_hook_before_the_feature_fails_all_its_scenarios()
    {
        string[] messages = [_results["IsTheFirst"].Message, _results["IsTheSecond"].Message];

        messages.Should().ContainSingle(m => m.Contains("feature hook failed", StringComparison.Ordinal));
        messages.Should().ContainSingle(m => m.Contains("Scenario skipped because of previous before feature hook error", StringComparison.Ordinal));
    }

    [Test]
    public void Each_example_is_a_test_of_its_own()
    {
        _results["Examples(\"passes\",\"13\",null)"].Outcome.Should().Be("Passed");
        _results["Examples(\"fails\",\"14\",[\"failing\"])"].Outcome.Should().Be("Failed");
    }

    [Test]
    public void Hooks_run_around_the_run_and_its_features()
    {
        var run = File.ReadAllText(Path.Combine(_project.Output, "run.txt"));

        run.Should().StartWith("started ").And.EndWith(" ended").And.Contain(" Verdicts");
    }

    [Test]
    public void Tags_filter_scenarios_and_examples()
    {
        _project.Test("TestCategory=hookFails").Names.Should().Equal("AHookFailsBefore");
    }

    private static void InOrder(TestResult result, params string[] parts)
    {
        var position = 0;
        foreach (var part in parts)
        {
            var found = result.Output.IndexOf(part, position, StringComparison.Ordinal);
            found.Should().BeGreaterThanOrEqualTo(0, $"'{part}' should come next in\n{result.Output}");
            position = found + part.Length;
        }
    }
}
