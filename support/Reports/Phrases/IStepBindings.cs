namespace SecuritySpecs.Reports.Phrases;

/// <summary>The phrases that steps may use, and Reqnroll's answer to which of them a step is.</summary>
public interface IStepBindings
{
    /// <summary>Every phrase, in the order of the code.</summary>
    IReadOnlyList<StepPhrase> Phrases { get; }

    /// <summary>The values of each <c>{parameter}</c> that has some, by its name.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<string>> Values { get; }

    /// <summary>What Reqnroll cannot use of the code.</summary>
    IReadOnlyList<string> Errors { get; }

    /// <summary>Which phrases fit a step.</summary>
    StepMatch Match(FeatureStep step);

    /// <summary>The binding to paste for a step that no phrase fits.</summary>
    string Skeleton(FeatureStep step);

    /// <summary>Whether <c>dotnet test --filter</c> would run the scenario of a step; yes, where the filter is none.</summary>
    bool Selects(string filter, FeatureStep step);
}

/// <summary>A phrase of the code.</summary>
/// <param name="Keyword">Given, When or Then.</param>
/// <param name="Text">The phrase, with its <c>{parameters}</c>.</param>
/// <param name="Section">The folder below steps/.</param>
/// <param name="Class">The class, which has its file's name.</param>
public sealed partial record StepPhrase(string Keyword, string Text, string Section, string Class)
{
    /// <summary>The file, from the root.</summary>
    public string File => $"steps/{Section}/{Class}.cs";

    /// <summary>The names of its parameters, in their order.</summary>
    public IReadOnlyList<string> Parameters => [.. Parameter().Matches(Text).Select(m => m.Groups[1].Value)];

    /// <summary>File and line.</summary>
    /// <param name="root">The repository.</param>
    public string Place(string root)
    {
        var path = Path.Combine(root, File);
        var line = System.IO.File.Exists(path) ? System.IO.File.ReadLines(path).TakeWhile(l => !l.Contains($"[{Keyword}(\"{Text}\")", StringComparison.Ordinal)).Count() + 1 : 1;
        return string.Create(CultureInfo.InvariantCulture, $"{File}:{line}");
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Parameter();
}

/// <summary>What Reqnroll says to a step.</summary>
/// <param name="Phrases">Those that fit: one, where the step can run.</param>
/// <param name="Arguments">What stands for the parameters of that one.</param>
public sealed record StepMatch(IReadOnlyList<StepPhrase> Phrases, IReadOnlyList<StepArgument> Arguments);

/// <summary>What stands for a parameter.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Value">What stands for it.</param>
/// <param name="IsKnown">Whether the parameter has this value.</param>
public sealed record StepArgument(string Parameter, string Value, bool IsKnown);
