using NUnit.Framework;
using Reqnroll;

namespace Sample;

/// <summary>Prints what a hook is told.</summary>
[Binding]
public sealed class Hooks(FeatureContext feature, ScenarioContext scenario)
{
    [BeforeFeature("featureHookFails")]
    public static void FailBeforeFeature() => throw new InvalidOperationException("feature hook failed");

    [BeforeScenario(Order = 1)]
    public void PrintInfo()
    {
        var f = feature.FeatureInfo;
        TestContext.Out.WriteLine($"feature {f.Title} | {Line(f.Description)} | {f.FolderPath} | {f.Language} | {string.Join(',', f.Tags)}");
        if (scenario.RuleInfo is { } rule)
            TestContext.Out.WriteLine($"rule {rule.Title} | {Line(rule.Description)} | {string.Join(',', rule.Tags)}");
        var s = scenario.ScenarioInfo;
        var arguments = s.Arguments.Keys.Cast<string>().Select(k => $"{k}={s.Arguments[k]}");
        TestContext.Out.WriteLine(
            $"scenario {s.Title} | {Line(s.Description)} | {string.Join(',', s.Tags)} | {string.Join(',', s.CombinedTags)} | {string.Join(',', arguments)}");
        TestContext.Out.WriteLine($"test {scenario.ScenarioContainer.Resolve<TestContext>().Test.MethodName}");
    }

    [BeforeScenario("hookCannotTell", Order = 2)]
    public static void CannotTell() => Assert.Inconclusive("hook cannot tell");

    [AfterScenario]
    public void PrintStatus() => TestContext.Out.WriteLine($"status {scenario.ScenarioExecutionStatus}");

    private static string Line(string? text) => text is null ? "none" : string.Create(CultureInfo.InvariantCulture, $"'{text.ReplaceLineEndings("/")}'");
}
