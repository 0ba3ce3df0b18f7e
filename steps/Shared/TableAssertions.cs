using FluentAssertions.Execution;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Whether what is there is what a table names, told line by line.</summary>
public static class TableAssertions
{
    /// <summary>What was seen is what a table names, in any order: nothing is missing, and there is nothing else.</summary>
    /// <param name="seen">What is there, each in words.</param>
    /// <param name="named">The rows of the table in the same words.</param>
    /// <param name="because">What should be so: a sentence without its full stop.</param>
    public static void ShouldBeExactly(this IEnumerable<string> seen, IEnumerable<string> named, string because)
    {
        var (missing, surplus) = (named.ToList(), new List<string>());
        foreach (var line in seen)
        {
            if (!missing.Remove(line))
                surplus.Add(line);
        }

        if (missing.Count + surplus.Count > 0)
            AssertionScope.Current.AddPreFormattedFailure($"{because}:\n{string.Join('\n', missing.Select(m => $"missing: {m}").Concat(surplus.Select(s => $"not in the table: {s}")))}");
    }
}
