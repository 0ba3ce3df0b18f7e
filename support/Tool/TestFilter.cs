using Microsoft.VisualStudio.TestPlatform.Common.Filtering;

namespace SecuritySpecs.Tool;

/// <summary>
/// A filter of <c>dotnet test</c>, read before a run by the parser of <c>dotnet test</c>: with a wrong filter the runner itself ends
/// without a word about it.
/// </summary>
internal static class TestFilter
{
    /// <summary>How to write one.</summary>
    public const string Help = "Write PROPERTY=VALUE (or != ~ !~) with & | ( ), e.g. TestCategory=control:gpu-quota; "
        + "or run FILE:LINE or --name 'part of the title'";

    private static readonly string[] Properties = ["FullyQualifiedName", "Name", "DisplayName", "TestCategory", "Category", "Priority"];

    /// <summary>What is wrong with a filter.</summary>
    /// <returns>Null where it is right.</returns>
    public static string? Problem(string filter)
    {
        if (string.IsNullOrWhiteSpace(filter))
            return $"it is empty. {Help}";
        var read = new FilterExpressionWrapper(filter);
        if (read.ParseError is { } error)
            return $"{Words(error)}. {Help}";
        var unknown = new TestCaseFilterExpression(read).ValidForProperties(Properties, propertyProvider: _ => null);
        return unknown is null ? null
            : $"tests have no property {string.Join(", ", unknown.Select(u => $"'{u}'"))}, only {string.Join(", ", Properties)}. {Help}";
    }

    // Without the sentences that are the same for every mistake.
    private static string Words(string error)
    {
        var words = error.Split(" Specify the correct format", 2)[0];
        foreach (var start in (string[])["Incorrect format for TestCaseFilter ", "Error: "])
            words = words.StartsWith(start, StringComparison.Ordinal) ? words[start.Length..] : words;
        return words.TrimEnd('.').ReplaceLineEndings(" ");
    }
}
