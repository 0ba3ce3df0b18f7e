using Io.Cucumber.Messages.Types;

namespace ReqnrollNUnit.Tests;

/// <summary>What Reqnroll's formatters write of a run, which takes the messages that are embedded for each feature.</summary>
[TestFixture]
public sealed class MessagesTests
{
    private List<Envelope> _messages = [];

    [OneTimeSetUp]
    public void ReadMessages()
    {
        Sample.Results["Passes"].Outcome.Should().Be("Passed");
        _messages = [.. Sample.Messages.Select(CucumberMessage.Parse)];
    }

    [TestCase("""{"testRunFinished":{"success":true,"timestamp":{"seconds":1,"nanos":2},"mood":"good"}}""", "mood")]
    [TestCase("""{"testRunFinished":{"success":true}}""", "timestamp")]
    [TestCase("""{"testRunFinished":{"success":"yes","timestamp":{"seconds":1,"nanos":2}}}""", "success")]
    [TestCase("""{"source":{"uri":"a","data":"b","mediaType":"text/prose"}}""", "text/prose")]
    [TestCase("""{"joke":{}}""", "joke")]
    [TestCase("{}", "one message")]
    public void What_is_no_message_is_told(string line, string problem)
    {
        var parse = () => CucumberMessage.Parse(line);

        parse.Should().Throw<System.Exception>().Which.Should().Match<System.Exception>(e =>
            (e is JsonException || e is ArgumentNullException) && e.Message.Contains(problem, StringComparison.OrdinalIgnoreCase));
    }

    [Test]
    public void A_run_begins_and_ends_once()
    {
        var started = _messages[0].TestRunStarted;

        started.Should().NotBeNull();
        Of(m => m.TestRunStarted).Should().ContainSingle();
        Of(m => m.Meta).Should().ContainSingle().Which.Implementation.Name.Should().Be("Reqnroll");
        Of(m => m.TestRunFinished).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Success = false, TestRunStartedId = started.Id });
        _messages[^1].TestRunFinished.Should().NotBeNull();
    }

    [Test]
    public void Every_feature_that_ran_is_told_with_its_source_its_tree_and_its_pickles()
    {
        string[] features = ["features/feature-hooks.feature", "features/language.feature", "features/shape.feature", "features/verdicts.feature"];

        Of(m => m.Source).Select(s => s.Uri).Should().BeEquivalentTo(features);
        Of(m => m.GherkinDocument).Select(d => d.Uri).Should().BeEquivalentTo(features);
        Of(m => m.Pickle).Select(p => p.Uri).Distinct().Should().BeEquivalentTo(features);
    }

    [Test]
    public void Ids_are_unique()
    {
        Of(m => m.Pickle).Select(p => p.Id).Concat(Of(m => m.Pickle).SelectMany(p => p.Steps).Select(s => s.Id))
            .Concat(Of(m => m.TestCase).Select(c => c.Id)).Concat(Of(m => m.TestCase).SelectMany(c => c.TestSteps).Select(s => s.Id))
            .Concat(Of(m => m.TestCaseStarted).Select(s => s.Id)).Concat(Of(m => m.StepDefinition).Select(d => d.Id)).Concat(Of(m => m.Hook).Select(h => h.Id))
            .Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Every_test_case_is_one_of_its_pickle_step_by_step_and_hook_by_hook()
    {
        var pickles = Of(m => m.Pickle).ToDictionary(p => p.Id);
        var definitions = Of(m => m.StepDefinition).Select(d => d.Id).ToHashSet();
        var hooks = Of(m => m.Hook).Select(h => h.Id).ToHashSet();

        Of(m => m.TestCase).Select(c => c.PickleId).Should().OnlyHaveUniqueItems();
        foreach (var testCase in Of(m => m.TestCase))
        {
            testCase.TestSteps.Should().OnlyContain(s => s.PickleStepId == null ^ s.HookId == null);
            testCase.TestSteps.Where(s => s.HookId != null).Should().OnlyContain(s => hooks.Contains(s.HookId));
            testCase.TestSteps.SelectMany(s => s.StepDefinitionIds ?? []).Should().OnlyContain(id => definitions.Contains(id));
            testCase.TestSteps.Select(s => s.PickleStepId).OfType<string>().Should().Equal(pickles[testCase.PickleId].Steps.Select(s => s.Id));
        }
    }

    [Test]
    public void What_is_started_is_finished()
    {
        var testCases = Of(m => m.TestCase).ToDictionary(c => c.Id);
        var started = Of(m => m.TestCaseStarted).ToDictionary(s => s.Id, s => testCases[s.TestCaseId]);

        started.Values.Should().BeEquivalentTo(testCases.Values, "each test case runs once");
        Of(m => m.TestCaseFinished).Select(f => f.TestCaseStartedId).Should().BeEquivalentTo(started.Keys);
        foreach (var (id, testCase) in started)
        {
            var steps = testCase.TestSteps.Select(s => s.Id).ToList();
            Of(m => m.TestStepStarted).Where(s => s.TestCaseStartedId == id).Select(s => s.TestStepId).Should().Equal(steps);
            Of(m => m.TestStepFinished).Where(s => s.TestCaseStartedId == id).Select(s => s.TestStepId).Should().Equal(steps);
        }

        Of(m => m.TestRunHookFinished).Select(f => f.TestRunHookStartedId).Should().BeEquivalentTo(Of(m => m.TestRunHookStarted).Select(s => s.Id));
    }

    [TestCase("passes", TestStepResultStatus.PASSED)]
    [TestCase("fails in the middle", TestStepResultStatus.FAILED)]
    [TestCase("a step is undefined", TestStepResultStatus.UNDEFINED)]
    [TestCase("a step cannot tell", TestStepResultStatus.SKIPPED)]
    [TestCase("under a rule", TestStepResultStatus.PASSED)]
    public void A_scenarios_worst_step_tells_how_it_ended(string scenario, TestStepResultStatus status)
    {
        var pickle = Of(m => m.Pickle).Single(p => p.Name == scenario).Id;
        var testCase = Of(m => m.TestCase).Single(c => c.PickleId == pickle).Id;
        var started = Of(m => m.TestCaseStarted).Single(s => s.TestCaseId == testCase).Id;

        Of(m => m.TestStepFinished).Where(f => f.TestCaseStartedId == started).Max(f => f.TestStepResult.Status).Should().Be(status);
    }

    [Test]
    public void The_html_is_one_file_with_every_feature_in_it()
    {
        Sample.Html.Should().StartWith("<!DOCTYPE html>").And.Contain("Feature: Verdicts").And.Contain("Funktionalität: Sprache");
        Sample.Html.Should().NotMatchRegex("<(script|img)[^>]* src=\"(?!data:)").And.NotMatchRegex("<link[^>]* rel=\"stylesheet\"");
    }

    private IEnumerable<T> Of<T>(Func<Envelope, T?> message)
        where T : class => _messages.Select(message).OfType<T>();
}
