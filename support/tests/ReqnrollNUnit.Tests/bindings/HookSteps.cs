using FluentAssertions;

namespace Reqnroll.Tests;

/// <summary>What the hooks of one scenario did.</summary>
public sealed class Journal
{
    public List<string> Entries { get; } = [];

    public static bool RunHasStarted { get; set; }
}

[Binding]
public sealed class RunHooks
{
    [BeforeTestRun]
    public static async Task StartAsync()
    {
        await Task.Yield();
        Journal.RunHasStarted = true;
    }
}

[Binding]
[Scope(Feature = "Hooks")]
public sealed class Hooks(Journal journal)
{
    [BeforeScenario(Order = 20000)]
    public void Late() => journal.Entries.Add("late");

    [Before(Order = 20001)]
    public ValueTask Before()
    {
        journal.Entries.Add("before");
        return ValueTask.CompletedTask;
    }

    [BeforeScenario(Order = 1)]
    public async Task Early()
    {
        await Task.Yield();
        journal.Entries.AddRange(Journal.RunHasStarted ? ["run", "early"] : ["early"]);
    }
}

[Binding]
public sealed class TaggedHooks(Journal journal, ScenarioContext scenario)
{
    [BeforeScenario("marked", Order = 2)]
    public void Marked() => journal.Entries.Add("marked");

    [BeforeScenario("@marked", "other", Order = 3)]
    public void Either() => journal.Entries.Add("either");

    [BeforeScenario("marked", "other", Order = 4)]
    public void OfFeature(FeatureContext feature) => journal.Entries.Add(feature.FeatureInfo.Tags.Contains("fromFeature") ? "feature" : "?");

    [BeforeScenarioBlock("steps")]
    public void BeforeBlock() => journal.Entries.Add($"[{scenario.CurrentScenarioBlock}");

    [AfterScenarioBlock("steps")]
    public void AfterBlock() => journal.Entries.Add($"{scenario.CurrentScenarioBlock}]");

    [BeforeStep("steps")]
    public void BeforeStep() => journal.Entries.Add($">{scenario.StepContext!.StepInfo.StepDefinitionType}");

    [AfterStep("steps")]
    public void AfterStep() => journal.Entries.Add($"{scenario.StepContext!.StepInfo.StepDefinitionType}<");
}

[Binding]
public sealed class HookSteps(Journal journal)
{
    [StepDefinition("a noted step")]
    public void Noted() => journal.Entries.Add("noted");

    [When("the scoped step runs")]
    public void Common() => journal.Entries.Add("common");

    [When("the scoped step runs")]
    [Scope(Tag = "scoped")]
    public void Scoped() => journal.Entries.Add("scoped");

    [Then("the journal is {string}")]
    public void JournalIs(string expected) => string.Join(' ', journal.Entries).Should().Be(expected);
}
