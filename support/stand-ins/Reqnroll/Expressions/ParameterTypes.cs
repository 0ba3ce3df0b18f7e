using System.Text.RegularExpressions;
using Reqnroll.Bindings;

namespace Reqnroll.Expressions;

/// <summary>
/// The {parameters} that cucumber expressions know: the built-in ones, enum types that the step definitions take,
/// and what transformations return or are named.
/// </summary>
internal sealed class ParameterTypes(IReadOnlyCollection<TransformationBinding> transformations, IEnumerable<Type> stepParameters)
{
    private const string Anything = ".*";
    private const string Integer = @"-?\d+";
    private const string Number = @"[-+]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:E-?\d+)?";

    /// <summary>Groups inside: each quote has its own, and only the one that took part gives an argument.</summary>
    private const string QuotedString = """(?:"([^"\\]*(?:\\.[^"\\]*)*)"|'([^'\\]*(?:\\.[^'\\]*)*)')""";

    private static readonly Dictionary<string, (string Pattern, Type Type)> BuiltIn = new()
    {
        [""] = (Anything, typeof(object)),
        ["word"] = (@"[^\s]+", typeof(string)),
        ["byte"] = (Integer, typeof(byte)),
        ["int"] = (Integer, typeof(int)),
        ["long"] = (Integer, typeof(long)),
        ["float"] = (Number, typeof(float)),
        ["double"] = (Number, typeof(double)),
        ["decimal"] = (Number, typeof(decimal)),
    };

    private readonly List<Type> _enums = [.. stepParameters.Where(t => t.IsEnum).Distinct()];

    /// <summary>The pattern of a parameter with one group that captures its text; null when there is no such parameter.</summary>
    public string? Find(string name)
    {
        if (name == "string") return QuotedString;

        var patterns = new List<string>();
        if (BuiltIn.TryGetValue(name, out var builtIn)) patterns.Add(builtIn.Pattern);
        if (_enums.Exists(e => IsCalled(e, name))) patterns.Add(Anything);
        patterns.AddRange(transformations.Where(t => Gives(t, name)).Select(t => Uncaptured(t.Pattern)));

        return patterns.Count == 0 ? null
            : patterns.Contains(Anything) ? $"({Anything})"
            : $"({string.Join('|', patterns.Distinct().Select(p => $"(?:{p})"))})";
    }

    /// <summary>Names of parameters that would stand for several types.</summary>
    public IEnumerable<string> Clashes() => BuiltIn.Select(b => (Name: b.Key, b.Value.Type)).Append((Name: "string", Type: typeof(string)))
        .Concat(transformations.Where(t => t.Name is not null).Select(t => (Name: t.Name!, Type: t.Method.ReturnType)))
        .Distinct().GroupBy(p => p.Name).Where(g => g.Skip(1).Any()).Select(g => g.Key);

    /// <summary>A transformation to a built-in type widens that type's parameter.</summary>
    private static bool Gives(TransformationBinding transformation, string name) =>
        transformation.Name == name
        || (transformation.Name is null && IsCalled(transformation.Method.ReturnType, name))
        || (name.Length > 0 && BuiltIn.TryGetValue(name, out var builtIn) && name != "word" && builtIn.Type == transformation.Method.ReturnType);

    private static bool IsCalled(Type type, string name) =>
        name.Length > 0 && (type.Name == name || type.FullName == name);

    private static string Uncaptured(string? pattern)
    {
        // Where groups have names or options, or brackets are escaped, the real package takes any text as well.
        if (pattern is null || Regex.IsMatch(pattern, @"\(\?|\\\(")) return Anything;
        return pattern.TrimStart('^').TrimEnd('$').Replace("(", "(?:", StringComparison.Ordinal);
    }
}
