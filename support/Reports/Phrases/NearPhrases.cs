namespace SecuritySpecs.Reports.Phrases;

/// <summary>The phrases that somebody may have meant.</summary>
public static partial class NearPhrases
{
    private const double ValueWord = 0.5;

    /// <summary>The texts that are nearest to a step or a word, best first.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="all">What there is.</param>
    /// <param name="isPart">Whether a part of one was written.</param>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> all, bool isPart = false)
    {
        var words = Words(text);
        return [.. all.Distinct().OrderBy(p => Distance(words, Words(p), isPart)).Take(3)];
    }

    /// <summary>The part of a step that stands where a phrase wants a value by name, if all the rest fits.</summary>
    /// <returns>The parameter and what stands for it.</returns>
    public static (string Parameter, string Value)? Misnamed(string text, StepPhrase phrase, IReadOnlyDictionary<string, IReadOnlyList<string>> values)
    {
        var named = phrase.Parameters.Where(values.ContainsKey).ToList();
        if (named.Count == 0)
            return null;
        var pattern = named.Distinct().Aggregate(Regex.Escape(phrase.Text).Replace(@"\{string}", "\"[^\"]*\"", StringComparison.Ordinal).Replace(@"\{int}", @"-?\d+", StringComparison.Ordinal).Replace(@"\(s\)", "s?", StringComparison.Ordinal),
            (p, n) => p.Replace($@"\{{{n}}}", $"(?<{n}>.+?)", StringComparison.Ordinal));
        var match = Regex.Match(text, $"^{pattern}$");
        var wrong = named.Find(n => match.Success && !values[n].Any(v => ValueForm.Fits(v, match.Groups[n].Value.Trim())));
        return wrong is null ? null : (wrong, match.Groups[wrong].Value);
    }

    // Words that are added, left out or replaced; the words of a value by name cost less. What stands around a part costs nothing.
    private static double Distance(string[] step, string[] phrase, bool isPart)
    {
        var costs = Enumerable.Range(0, step.Length + 1).Select(i => (double)i).ToArray();
        var best = costs[^1];
        foreach (var word in phrase)
        {
            var isValue = word is ['{', ..] and not ("{string}" or "{int}");
            var (diagonal, added) = (costs[0], isValue ? ValueWord : 1);
            costs[0] += isPart ? 0 : added;
            for (var i = 1; i <= step.Length; i++)
            {
                var replaced = diagonal + (isValue ? ValueWord : Difference(step[i - 1], word));
                diagonal = costs[i];
                costs[i] = Math.Min(replaced, Math.Min(costs[i] + added, costs[i - 1] + (isValue ? ValueWord : 1)));
            }

            best = Math.Min(best, costs[^1]);
        }

        return isPart ? best : costs[^1];
    }

    // From 0 for the same word to 1.
    private static double Difference(string one, string other) =>
        one == other ? 0 : (double)EditDistance.Between(one.ToLowerInvariant(), other.ToLowerInvariant()) / Math.Max(one.Length, other.Length);

    private static string[] Words(string text) =>
        Number().Replace(Quoted().Replace(LeftOut().Replace(text, ""), "{string}"), "{int}").Replace("(s)", "s", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\( [^()]*\)")]
    private static partial Regex LeftOut();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?<=^| )-?\d+(?= |$)")]
    private static partial Regex Number();
}
