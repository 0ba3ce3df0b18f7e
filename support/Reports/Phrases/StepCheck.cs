namespace SecuritySpecs.Reports.Phrases;

/// <summary>Finds the steps that cannot run, before anything is started for them.</summary>
public sealed class StepCheck(IStepBindings bindings)
{
    private const int Detailed = 10;
    private readonly HashSet<string> _pasted = [];

    /// <summary>What is wrong with the steps of the scenarios that run: one text each, which begins with file and line.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="filter">Which scenarios run, as <c>dotnet test --filter</c> has it; null for all.</param>
    /// <exception cref="BadInputException">A file is no Gherkin; file and line are named.</exception>
    public IReadOnlyList<string> Problems(string root, string? filter) =>
        Problems(FeatureStep.Read(root).Where(s => filter is null || bindings.Selects(filter, s)));

    /// <summary>What is wrong with steps: one text each, which begins with file and line. The first ten say what to do.</summary>
    public IReadOnlyList<string> Problems(IEnumerable<FeatureStep> steps)
    {
        var matches = new Dictionary<(string, string, bool, bool), StepMatch>();
        var problems = bindings.Errors.ToList();
        foreach (var step in steps.DistinctBy(s => (s.File, s.Line, s.Text)))
        {
            var key = (step.Keyword, step.Text, step.Cells is null, step.DocString is null);
            if (!matches.TryGetValue(key, out var match))
                matches.Add(key, match = bindings.Match(step));
            if (match is { Phrases.Count: 1 } && match.Arguments.All(a => a.IsKnown))
                continue;
            problems.Add($"{step.Place}: {(problems.Count < Detailed ? Problem(step, match) : $"this step cannot run either: {step.Keyword} {step.Text}")}");
        }

        return problems;
    }

    private string Problem(FeatureStep step, StepMatch match)
    {
        var told = $"\n    {step.Keyword} {step.Text}";
        if (match.Phrases.Count > 1)
            return $"the step is ambiguous{told}\n  These phrases fit:{Lines(match.Phrases.Select(p => $"{p.Keyword} {p.Text}  ({p.File})"))}";
        var near = Near(step);
        if (step.Text.Count(c => c == '"') % 2 == 1)
            return $"a quote is not closed{told}{Phrases(near)}";
        if (match.Arguments.FirstOrDefault(a => !a.IsKnown) is { } wrong)
            return NoValue(wrong.Parameter, wrong.Value) + told + Values(wrong.Parameter, wrong.Value) + Phrases(near);
        var other = bindings.Phrases.FirstOrDefault(p => p.Keyword != step.Keyword && bindings.Match(step with { Keyword = p.Keyword }).Phrases.Contains(p));
        if (other is not null)
            return $"this phrase belongs to {other.Keyword}, not to {step.Keyword}{told}\n  In the code:{Lines([$"{other.Keyword} {other.Text}  ({other.File})"])}";
        if (near.Select(p => NearPhrases.Misnamed(step.Text, p, bindings.Values)).FirstOrDefault(m => m is not null) is var (parameter, value))
            return NoValue(parameter, value) + told + Values(parameter, value) + Phrases(near);
        return $"no phrase fits this step{told}{Phrases(near)}{Binding(step)}";
    }

    private List<StepPhrase> Near(FeatureStep step) =>
        [.. NearPhrases.Of(step.Text, bindings.Phrases.Select(p => p.Text)).Select(t => bindings.Phrases.OrderBy(p => p.Keyword != step.Keyword).First(p => p.Text == t))];

    private string Binding(FeatureStep step)
    {
        var skeleton = bindings.Skeleton(step).TrimEnd();
        return _pasted.Add(skeleton.Split('\n')[0]) ? $"\n  To add this phrase, paste this into a class in steps/:{Lines(skeleton.ReplaceLineEndings("\n").Split('\n'))}" : "";
    }

    private string Values(string parameter, string value) =>
        bindings.Values.TryGetValue(parameter, out var values) ? $"\n  Nearest values:{Lines(NearPhrases.Of(value, values))}" : "";

    private static string NoValue(string parameter, string value) => $"{{{parameter}}} has no value \"{value}\"";

    private static string Phrases(IEnumerable<StepPhrase> near) => $"\n  Nearest phrases:{Lines(near.Select(p => $"{p.Keyword} {p.Text}"))}";

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(l => $"\n    {l}"));
}
