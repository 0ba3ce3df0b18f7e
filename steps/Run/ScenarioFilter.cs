using System.Reflection;
using Microsoft.VisualStudio.TestPlatform.Common.Filtering;
using Microsoft.VisualStudio.TestPlatform.ObjectModel;
using NUnit.Framework;
using SecuritySpecs.Reports.Phrases;

namespace SecuritySpecs.Steps.Run;

/// <summary>Which scenarios <c>dotnet test --filter</c> runs, by its own reading of the filter.</summary>
internal sealed class ScenarioFilter(Assembly assembly)
{
    private readonly Dictionary<(string Feature, string Scenario), MethodInfo> _tests = assembly.GetTypes().Where(t => t.IsDefined(typeof(TestFixtureAttribute)))
        .SelectMany(t => t.GetMethods().Where(m => m.IsDefined(typeof(TestAttribute))).Select(m => ((Title(t), Title(m)), m))).ToDictionary();

    private (string Filter, TestCaseFilterExpression? Expression) _last = ("", null);

    /// <summary>Whether the scenario of a step is among them; yes, where the filter is none.</summary>
    public bool Selects(string filter, FeatureStep step)
    {
        if (_last.Filter != filter)
            _last = (filter, new FilterExpressionWrapper(filter) is { ParseError: null } read ? new(read) : null);
        return _last.Expression is null || !_tests.TryGetValue((step.Feature, step.Scenario), out var test) || _last.Expression.MatchTestCase(new TestCase(), name => name switch
        {
            "TestCategory" => step.Tags.ToArray(),
            "FullyQualifiedName" => $"{test.DeclaringType!.FullName}.{test.Name}",
            "Name" or "DisplayName" => test.Name,
            "ClassName" => test.DeclaringType!.FullName,
            _ => null,
        });
    }

    private static string Title(MemberInfo member) => (string)member.GetCustomAttribute<DescriptionAttribute>()!.Properties.Get("Description")!;
}
