using System.Reflection;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Execution;
using SecuritySpecs.Reports;

namespace SecuritySpecs.Steps.Run;

/// <summary>The scenarios that NUnit was told to run: its own tree of work, to which the filter was applied already.</summary>
internal static class SelectedTests
{
    private const string TopOfTheTree = "_topLevelWorkItem";
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Reads them. Those that <c>@ignore</c> leaves out are none of them: NUnit never starts one.</summary>
    /// <exception cref="InvalidOperationException">This NUnit keeps its work elsewhere: then nobody can tell whether a scenario is missing.</exception>
    public static IReadOnlyList<RosterEntry> Read()
    {
        var dispatcher = typeof(TestExecutionContext).GetProperty("Dispatcher", Any)?.GetValue(TestExecutionContext.CurrentContext);
        return dispatcher?.GetType().GetField(TopOfTheTree, Any)?.GetValue(dispatcher) is WorkItem top
            ? [.. Leaves(top).Where(t => !IsLeftOut(t)).Select(t => new RosterEntry(t.Id, NameOf(t)))]
            : throw new InvalidOperationException($"NUnit's {dispatcher?.GetType().Name ?? "dispatcher"} has no {TopOfTheTree}: which scenarios it runs cannot be told.");
    }

    private static IEnumerable<Test> Leaves(WorkItem item) => item is CompositeWorkItem composite ? composite.Children.SelectMany(Leaves) : [item.Test];

    private static bool IsLeftOut(ITest test) =>
        test.RunState is RunState.Ignored or RunState.Explicit || (test.Parent is { } parent && IsLeftOut(parent));

    // As features call it. The arguments tell the examples of an outline apart.
    private static string NameOf(Test test)
    {
        var title = (string?)test.Properties.Get(PropertyNames.Description) ?? (string?)test.Parent?.Properties.Get(PropertyNames.Description) ?? test.Name;
        var arguments = test.Arguments.OfType<string>().SkipLast(1).ToList(); // the last string is the number of the pickle
        return $"{FeatureOf(test)}: {title}{(arguments.Count == 0 ? "" : $" ({string.Join(", ", arguments)})")}";
    }

    private static string FeatureOf(Test test)
    {
        ITest? fixture = test;
        while (fixture is not null and not TestFixture)
            fixture = fixture.Parent;
        return (string?)fixture?.Properties.Get(PropertyNames.Description) ?? test.ClassName ?? "no feature";
    }
}
