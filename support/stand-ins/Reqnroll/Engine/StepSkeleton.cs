using System.Text.RegularExpressions;
using Reqnroll.Bindings;

namespace Reqnroll.Engine;

/// <summary>A step definition to paste and fill in.</summary>
internal static partial class StepSkeleton
{
    public static string Of(StepInstance step)
    {
        var parameters = new List<string>();
        var expression = Value().Replace(Escaped(step.Text), match =>
        {
            var (name, type) = char.IsAsciiDigit(match.Value[^1])
                ? match.Value.Contains('.', StringComparison.Ordinal) ? ("float", "decimal") : ("int", "int")
                : ("string", "string");
            parameters.Add($"{type} p{parameters.Count}");
            return $"{{{name}}}";
        });
        if (step.MultilineTextArgument is not null) parameters.Add("string multilineText");
        if (step.TableArgument is not null) parameters.Add("DataTable dataTable");

        var literal = expression.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $$"""
                    [{{step.StepDefinitionType}}("{{literal}}")]
                    public void {{step.StepDefinitionType}}{{MethodName(step.Text)}}({{string.Join(", ", parameters)}})
                    {
                        throw new PendingStepException();
                    }
            """;
    }

    /// <summary>Escapes what cucumber expressions read in their own way.</summary>
    private static string Escaped(string text) => Special().Replace(text, @"\$0");

    private static string MethodName(string text) =>
        string.Concat(Word().Matches(Value().Replace(text, "")).Select(w => char.ToUpperInvariant(w.Value[0]) + w.Value[1..]));

    [GeneratedRegex("""
        "[^"]*"|'[^']*'|-?\d+(?:\.\d+)?
        """)]
    private static partial Regex Value();

    [GeneratedRegex(@"[{}()/\\]")]
    private static partial Regex Special();

    [GeneratedRegex(@"[\p{L}\p{Nd}]+")]
    private static partial Regex Word();
}
