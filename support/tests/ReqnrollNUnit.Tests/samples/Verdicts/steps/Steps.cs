using NUnit.Framework;
using Reqnroll;

namespace Verdicts;

public enum Colour
{
    Red,
}

/// <summary>Says when it is disposed.</summary>
public sealed class Resource(IReqnrollOutputHelper output) : IDisposable
{
    public void Use() => output.WriteLine("resource used");

    public void Dispose() => output.WriteLine("resource disposed");
}

[Binding]
public sealed class Steps(Resource resource)
{
    [StepDefinition("a step that passes")]
    public void Pass() => resource.Use();

    [When("a step fails with {string}")]
    public async Task FailWith(string message)
    {
        await Task.Yield();
        throw new InvalidOperationException(message);
    }

    [Given("a step that fails")]
    public void Fail() => Assert.That(1, Is.EqualTo(2));

    [Given("a step that is pending")]
    public void Pend() => throw new PendingStepException();

    [Given("a step with two definitions")]
    public void First() => resource.Use();

    [Given("a step with two definition(s)")]
    public void Second() => resource.Use();

    [Given("a step with an {string} too many")]
    public void TooFew() => resource.Use();

    [Given("the colour {Colour}")]
    public void Take(Colour colour) => Assert.That(colour, Is.EqualTo(Colour.Red));

    [Given("a step that ignores the test")]
    public void Ignore() => Assert.Ignore("no GPU here");

    [Given("a step that cannot tell")]
    public void CannotTell() => Assert.Inconclusive("the cluster has no DNS");

#if BAD_EXPRESSION
    [Given("an {unknown} parameter")]
    public void Bad(string parameter) => Assert.Fail(parameter);

    [Given("a mistake(s/es)")]
    public void AlsoBad() => Assert.Fail("never called");
#endif
#if TWO_MEANINGS
    [StepArgumentTransformation("(one|two)", Name = "meaning")]
    public static Uri First(string text) => new($"first:{text}");

    [StepArgumentTransformation("(three|four)", Name = "meaning")]
    public static Version Second(string text) => new(text);

    [Given("a {meaning}")]
    public void TwoMeanings(Uri meaning) => Assert.Fail($"{meaning}");
#endif
}

[Binding]
public sealed class Hooks(ScenarioContext scenario, IReqnrollOutputHelper output)
{
    private static string RunFile => Path.Combine(AppContext.BaseDirectory, "run.txt");

    [BeforeTestRun]
    public static void BeforeRun() => File.WriteAllText(RunFile, "started");

    [AfterTestRun]
    public static async Task AfterRunAsync() => await File.AppendAllTextAsync(RunFile, " ended");

    [BeforeFeature("featureHookFails")]
    public static void FailBeforeFeature() => throw new InvalidOperationException("feature hook failed");

    [AfterFeature]
    public static void AfterFeature(FeatureContext feature) => File.AppendAllText(RunFile, $" {feature.FeatureInfo.Title}");

    [BeforeScenario("hookCannotTell")]
    public void CannotTell() => Assert.Inconclusive("hook cannot tell");

    [BeforeScenario("hookFails", Order = 1)]
    public void FailBefore() => throw new InvalidOperationException("hook failed");

    [BeforeScenario("hookFails", Order = 2)]
    public void NeverRuns() => output.WriteLine("later hook ran");

    [AfterScenario("hookFailsAfter", Order = 2)]
    public void FailAfter() => throw new InvalidOperationException("after hook failed");

    [AfterStep]
    public void AfterStep() =>
        output.WriteLine($"after step: {scenario.StepContext!.Status}, {scenario.StepContext.StepError?.Message ?? "no error"}");

    [After(Order = 1)]
    public void AfterScenario() =>
        output.WriteLine($"after scenario: {scenario.ScenarioExecutionStatus}, {scenario.TestError?.GetType().Name ?? "no error"}");
}
