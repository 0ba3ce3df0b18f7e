using System.Reflection;
using System.Text.RegularExpressions;

namespace Reqnroll.Bindings;

internal enum HookType
{
    BeforeTestRun,
    AfterTestRun,
    BeforeFeature,
    AfterFeature,
    BeforeScenario,
    AfterScenario,
    BeforeScenarioBlock,
    AfterScenarioBlock,
    BeforeStep,
    AfterStep,
}

/// <summary>Where a binding applies; null members apply everywhere.</summary>
internal sealed record BindingScope(string? Tag, string? Feature, string? Scenario)
{
    /// <summary>How many of its members match; null when one does not.</summary>
    public int? Match(FeatureInfo? feature, ScenarioInfo? scenario)
    {
        var tags = scenario?.CombinedTags ?? feature?.Tags ?? [];
        bool?[] matches =
        [
            Tag is null ? null : tags.Contains(Tag.TrimStart('@')),
            Feature is null ? null : string.Equals(Feature, feature?.Title, StringComparison.OrdinalIgnoreCase),
            Scenario is null ? null : string.Equals(Scenario, scenario?.Title, StringComparison.OrdinalIgnoreCase),
        ];
        return matches.Contains(false) ? null : matches.Count(m => m == true);
    }
}

internal sealed record HookBinding(HookType Type, MethodInfo Method, BindingScope? Scope, int Order);

internal sealed record StepBinding(StepDefinitionType Type, MethodInfo Method, BindingScope? Scope, Regex Regex);

/// <param name="Method">Takes the groups of the pattern, or the text or table as a whole.</param>
/// <param name="Pattern">As written; null takes any text.</param>
/// <param name="Name">The cucumber parameter's name; null for that of the returned type.</param>
/// <param name="Order">Lower is tried first.</param>
internal sealed record TransformationBinding(MethodInfo Method, string? Pattern, string? Name, int Order)
{
    public Regex? Regex { get; } = Pattern is null ? null : WholeText.Regex(Pattern);

    public bool TakesTable { get; } = typeof(Table).IsAssignableFrom(Method.GetParameters().FirstOrDefault()?.ParameterType);
}

internal static class WholeText
{
    public static Regex Regex(string pattern) =>
        new($"{(pattern.StartsWith('^') ? "" : "^")}{pattern}{(pattern.EndsWith('$') ? "" : "$")}", RegexOptions.CultureInvariant);
}
