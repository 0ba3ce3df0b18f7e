namespace SecuritySpecs.Tool;

/// <summary>A filter of <c>dotnet test</c>, looked at before a run: a wrong one makes the runner end without a word about it.</summary>
internal static partial class TestFilter
{
    private const string Wanted = "wanted is PROPERTY=VALUE (or != ~ !~) with & | ( ), e.g. TestCategory=control:gpu-quota; or run FILE:LINE or --name 'part of the title'";
    private static readonly string[] Properties = ["FullyQualifiedName", "Name", "DisplayName", "TestCategory", "Category", "Priority"];

    /// <summary>What is wrong with a filter.</summary>
    /// <returns>Null where it is right.</returns>
    public static string? Problem(string filter)
    {
        var (open, before) = (0, "");
        foreach (var token in Token().Matches(filter).Select(t => t.Value.Trim()).Where(t => t.Length > 0))
        {
            var needsOperand = before is "" or "&" or "|" or "(";
            switch (token)
            {
                case "&" or "|" when needsOperand:
                    return $"a condition is missing before '{token}'; {Wanted}";
                case "(" when !needsOperand:
                    return $"& or | is missing before '('; {Wanted}";
                case ")" when needsOperand:
                    return $"a condition is missing before ')'; {Wanted}";
                case ")" when open == 0:
                    return $"')' closes no '('; {Wanted}";
                case "(" or ")":
                    open += token == "(" ? 1 : -1;
                    break;
                case not ("&" or "|") when !needsOperand:
                    return $"& or | is missing before '{token}'; {Wanted}";
                case not ("&" or "|"):
                    if (ProblemOf(token) is { } problem)
                        return $"{problem}; {Wanted}";
                    break;
            }

            before = token;
        }

        return before is "" ? $"it is empty; {Wanted}"
            : before is "&" or "|" or "(" ? $"a condition is missing behind '{before}'; {Wanted}"
            : open > 0 ? $"a '(' is not closed; {Wanted}"
            : null;
    }

    // One without an operator is a part of the full name.
    private static string? ProblemOf(string condition)
    {
        var parts = Condition().Match(condition);
        if (!parts.Success)
            return Operator().IsMatch(condition) ? $"'{condition}' is no condition" : null;
        var property = parts.Groups["property"].Value.Trim();
        return Properties.Contains(property, StringComparer.OrdinalIgnoreCase) ? null
            : $"'{condition}': tests have no property '{property}', but {string.Join(", ", Properties)}";
    }

    // A backslash takes the meaning from what follows it.
    [GeneratedRegex(@"[&|()]|(\\.|[^&|()\\])+|\\$", RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(@"^(?<property>(\\.|[^=!~\\])+)(=|!=|~|!~)(?<value>\s*(\\.|[^=!~\\\s])(\\.|[^=!~\\])*)$", RegexOptions.Singleline)]
    private static partial Regex Condition();

    [GeneratedRegex(@"(?<!\\)[=~!]")]
    private static partial Regex Operator();
}
