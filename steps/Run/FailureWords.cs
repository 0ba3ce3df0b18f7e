using System.Collections;
using System.Linq.Expressions;
using FluentAssertions.Common;
using FluentAssertions.Formatting;

namespace SecuritySpecs.Steps.Run;

/// <summary>
/// The words of a failed step, for readers who know the platform and no C#: what was expected, why, and what the cluster said. The
/// one place that decides how FluentAssertions speaks.
/// </summary>
public static partial class FailureWords
{
    // Of one value, and of a whole message.
    private const int Longest = 400;
    private const int LongestMessage = 1500;

    /// <summary>Makes FluentAssertions speak so from now on.</summary>
    public static void Use()
    {
        Formatter.AddFormatter(new OwnWords());
        Services.ThrowException = message => throw new NUnit.Framework.AssertionException(Plain(message));
    }

    /// <summary>An exception's message with those of its causes that say more, and without the words of what only passed it on.</summary>
    public static string Of(Exception failure)
    {
        if (failure.InnerException is not { } cause)
            return failure.Message;
        var told = Of(cause);
        return failure.Message.Contains(cause.Message, StringComparison.Ordinal)
            ? IsMessenger(failure) ? told : failure.Message
            : $"{failure.Message} Caused by: {told}";
    }

    // Reqnroll's "Error calling binding method '...': X", and .NET's "One or more errors occurred. (X)".
    private static bool IsMessenger(Exception failure) => failure is AggregateException || failure.Message.StartsWith("Error calling binding method", StringComparison.Ordinal);

    /// <summary>FluentAssertions' message without C#.</summary>
    internal static string Plain(string message)
    {
        var told = Configuration().Replace(message, "");
        told = Captured().Replace(told, "");
        // Of a condition that is to be true, the reason is the whole sentence.
        told = Truth().Replace(told, m => $"{char.ToUpperInvariant(m.Groups[1].Value[0])}{m.Groups[1].Value[1..]}.");
        return Short(Subject().Replace(told, m => $"{m.Groups[1].Value} {Named(m.Groups[2].Value)} to ").Trim(), LongestMessage);
    }

    private static string Short(string text, int most) => text.Length > most ? text[..most] + "..." : text;

    // The last name of a chain of names, in words; a call or a calculation has none.
    private static string Named(string expression)
    {
        var text = expression.Trim();
        if (Quoted().IsMatch(text))
            return text;
        text = Marks().Replace(text, "");
        while (text is ['(', .. var inner, ')'])
            text = inner;
        return Chain().Match(text) is { Success: true } chain ? $"the {Capital().Replace(chain.Groups[1].Value.TrimStart('_'), " $1").Trim().ToLowerInvariant()}" : "the result";
    }

    [GeneratedRegex(@"\s*With configuration:.*?(?=\n\nExpected |\z)", RegexOptions.Singleline)]
    private static partial Regex Configuration();

    // What a lambda has closed over.
    [GeneratedRegex(@"value\([^()]*<>c__DisplayClass[^()]*\)\.|[\w.+]*<>c(__DisplayClass[\w]*)?\.?")]
    private static partial Regex Captured();

    [GeneratedRegex(@"(?<=^|\n)(Expected|Did not expect) (.+?) to ", RegexOptions.Singleline)]
    private static partial Regex Subject();

    [GeneratedRegex(@"(?<=^|\n)Expected [^\n]+? to be (?:True|False) because (.+?), but found (?:True|False|<null>)\.?(?=\n|\z)", RegexOptions.Singleline)]
    private static partial Regex Truth();

    // Words that a person has chosen, not the compiler: a scope's or FluentAssertions' own.
    [GeneratedRegex(@"^(?:[a-z]+(?: [a-z]+)+|string|collection|value|object|dictionary|boolean|\w+ ""[^""]*"")$")]
    private static partial Regex Quoted();

    // Casts, indices, and the marks that only a compiler needs.
    [GeneratedRegex(@"\((?:string|int|long|bool)\??\)|\[[^\]]*\]|[!?]|^await ")]
    private static partial Regex Marks();

    [GeneratedRegex(@"^(?:[\w]+\.)*(\w+?)$")]
    private static partial Regex Chain();

    [GeneratedRegex("(?<!^)([A-Z])(?![A-Z])")]
    private static partial Regex Capital();

    /// <summary>Our own types and JSON in their own words, in one line of bounded length; a condition by what the step says.</summary>
    private sealed class OwnWords : IValueFormatter
    {
        public bool CanHandle(object value) => value is Expression or JsonNode or Exception
            || (value.GetType() is { Namespace: { } space } type && space.StartsWith("SecuritySpecs", StringComparison.Ordinal) && value is not IEnumerable && !type.IsEnum);

        public void Format(object value, FormattedObjectGraph formattedGraph, FormattingContext context, FormatChild formatChild) => formattedGraph.AddFragment(value switch
        {
            Expression => "what the step says",
            JsonNode json => Short(json.ToJsonString(), Longest),
            Exception e => Short(Of(e), Longest),
            _ => Short(value.ToString() ?? "", Longest),
        });
    }
}
