using System.Collections;
using FluentAssertions;
using Reqnroll.Bindings;

namespace Reqnroll.Tests;

[Binding]
public sealed class ContextSteps(ScenarioContext scenario, FeatureContext feature, ScenarioInfo info)
{
    [Given("a step of the background kind")]
    [When("it looks at itself")]
    public void Look() => scenario.ScenarioExecutionStatus.Should().Be(ScenarioExecutionStatus.OK);

    [Then("it has title {string} and tags {string} of {string}")]
    public void HasTitle(string title, string tags, string combined)
    {
        info.Should().BeSameAs(scenario.ScenarioInfo);
        info.Title.Should().Be(title);
        string.Join(',', info.Tags).Should().Be(tags);
        string.Join(',', info.CombinedTags).Should().Be(combined);
        scenario.CurrentScenarioBlock.Should().Be(ScenarioBlock.Then);
    }

    [Then("its arguments are {string}")]
    public void HasArguments(string expected) =>
        string.Join(' ', info.Arguments.Cast<DictionaryEntry>().Select(e => $"{e.Key}={e.Value}")).Should().Be(expected);

    [Then("its feature is {string} in {string} with tags {string}")]
    public void HasFeature(string title, string folder, string tags)
    {
        feature.FeatureInfo.Title.Should().Be(title);
        feature.FeatureInfo.FolderPath.Should().Be(folder);
        feature.FeatureInfo.Description.Trim().Should().Be("The description.");
        string.Join(',', feature.FeatureInfo.Tags).Should().Be(tags);
        feature.BindingCulture.Name.Should().Be("en-US");
    }

    [Then("the running step is a Then with table")]
    public void StepIs(Table table)
    {
        var step = scenario.StepContext!.StepInfo;
        step.StepDefinitionType.Should().Be(StepDefinitionType.Then);
        step.Text.Should().Be("the running step is a Then with table");
        step.StepInstance.Keyword.Trim().Should().Be("Then");
        step.Table!.Rows[0]["a"].Should().Be(table.Rows[0][0]);
        step.MultilineText.Should().BeNull();
    }

    [When("the number {int} is set")]
    public void Set(int number) => scenario.Set(number);

    [When("the number {int} is set as {string}")]
    public void Set(int number, string name) => scenario.Set(number, name);

    [Then("the number is {int} and {string} is {int}")]
    public void NumbersAre(int number, string name, int named)
    {
        scenario.Get<int>().Should().Be(number);
        scenario.Get<int>(name).Should().Be(named);
    }

    [Then("no text is set")]
    public void NoText() => scenario.TryGetValue<string>(out _).Should().BeFalse();
}
