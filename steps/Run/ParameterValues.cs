using Reqnroll.Bindings;
using Reqnroll.Bindings.Reflection;

namespace SecuritySpecs.Steps.Run;

/// <summary>What may stand for a parameter of a phrase.</summary>
internal static partial class ParameterValues
{
    /// <summary>
    /// The alternatives of its pattern, with <c>{string}</c> for a text in quotes, <c>{int}</c> for a number, <c>{trait}</c> and the like
    /// for a value of another parameter, and <c>(...)</c> around what may be left out. Where the pattern is more than words, the static
    /// <c>Forms</c> of its type.
    /// </summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="all">It and the others.</param>
    public static IReadOnlyList<string> Of(
        IStepArgumentTransformationBinding parameter, IReadOnlyCollection<IStepArgumentTransformationBinding> all)
    {
        var pattern = Pattern(parameter);
        foreach (var other in all.Where(p => p != parameter && p.Regex is not null).OrderByDescending(p => Pattern(p).Length))
            pattern = pattern.Replace($"(?:{Pattern(other)})", $"(?:{{{other.Name}}})", StringComparison.Ordinal);
        pattern = Quoted().Replace(pattern, "{string}").Replace(@"\d+", "{int}", StringComparison.Ordinal);
        var position = 0;
        if (Alternatives(pattern, ref position) is { } values && position == pattern.Length)
            return [.. values.Select(v => v.Trim()).Where(v => v.Length > 0)];
        var type = ((RuntimeBindingType)parameter.Method.ReturnType).Type;
        return [.. type.GetProperty("Forms")?.GetValue(null) as IEnumerable<string> ?? []];
    }

    private static string Pattern(IStepArgumentTransformationBinding parameter) =>
        parameter.Regex is null ? "." : Ends().Replace(parameter.Regex.ToString(), "$1");

    // a|b(?:c|d)?ef?; null for anything else.
    private static List<string>? Alternatives(string pattern, ref int position)
    {
        var (all, current) = (new List<string>(), new List<string> { "" });
        for (; position < pattern.Length && pattern[position] != ')'; position++)
        {
            if (pattern[position] == '|')
            {
                all.AddRange(current);
                current = [""];
            }
            else if (pattern.AsSpan(position).StartsWith("(?:"))
            {
                position += 3;
                if (Alternatives(pattern, ref position) is not { } group || position == pattern.Length)
                    return null;
                var isOptional = position + 1 < pattern.Length && pattern[position + 1] == '?';
                position += isOptional ? 1 : 0;
                current = [.. current.SelectMany(c => group.Select(g => c + (isOptional ? $"({g})" : g)))];
            }
            else if (@"([]*+?.^$".Contains(pattern[position], StringComparison.Ordinal))
            {
                return null;
            }
            else
            {
                position += pattern[position] == '\\' ? 1 : 0;
                var letter = pattern[position].ToString();
                if (position + 1 < pattern.Length && pattern[position + 1] == '?')
                {
                    letter = $"({letter})";
                    position++;
                }

                current = [.. current.Select(c => c + letter)];
            }
        }

        return [.. all, .. current];
    }

    [GeneratedRegex(@"^\^?\((.*)\)\$?$")]
    private static partial Regex Ends();

    [GeneratedRegex("\"\\(?\\[\\^\"\\][+*]\\)?\"")]
    private static partial Regex Quoted();
}
