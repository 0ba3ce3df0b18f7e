namespace SecuritySpecs.Reports.Phrases;

/// <summary>Which phrases and values the features use.</summary>
public sealed class StepUse
{
    private const string Relative = " that ";
    private readonly IStepBindings _bindings;
    private readonly Dictionary<string, FeatureStep> _examples = [];
    private readonly Dictionary<string, SortedSet<string>> _used = [];
    private readonly HashSet<string> _values = [];
    private readonly HashSet<string> _clauses = [];
    private readonly HashSet<string> _cells;

    /// <summary>Looks at every step.</summary>
    public StepUse(IStepBindings bindings, IReadOnlyCollection<FeatureStep> steps)
    {
        _bindings = bindings;
        _cells = [.. steps.SelectMany(s => s.Cells ?? []).SelectMany(r => r)];
        foreach (var step in steps.DistinctBy(s => (s.Keyword, s.Text, s.Cells is null)))
        {
            if (bindings.Match(step) is not { Phrases: [var phrase], Arguments: var arguments })
                continue;
            _examples.TryAdd(phrase.Text, step);
            foreach (var argument in arguments.Where(a => a.Value.Trim().Length > 0))
            {
                if (!_used.TryGetValue(argument.Parameter, out var used))
                    _used.Add(argument.Parameter, used = new(StringComparer.Ordinal));
                used.Add(argument.Value.Trim());
            }

            _values.UnionWith(arguments.Select(a => a.Value.Trim()).SelectMany(v => new[] { v, WithoutArticle(v) }));
            _clauses.UnionWith(arguments.Select(a => a.Value.Split(Relative, 2)).Where(p => p.Length == 2).SelectMany(p => p));
        }
    }

    /// <summary>The phrases that no feature uses.</summary>
    public IReadOnlyList<StepPhrase> UnusedPhrases => [.. _bindings.Phrases.Where(p => !_examples.ContainsKey(p.Text)).DistinctBy(p => p.Text)];

    /// <summary>The values that no feature uses, neither in a step nor in the cell of a table.</summary>
    public IReadOnlyList<(string Parameter, string Value)> UnusedValues =>
        [.. _bindings.Values.SelectMany(v => v.Value.Where(x => !IsUsed(x)).Select(x => (v.Key, x)))];

    /// <summary>A step that is such a phrase; null where no feature has one.</summary>
    public FeatureStep? Example(StepPhrase phrase) => _examples.GetValueOrDefault(phrase.Text);

    /// <summary>What features use for a parameter.</summary>
    public IEnumerable<string> ValuesOf(string parameter) => _used.GetValueOrDefault(parameter) ?? [];

    private static string WithoutArticle(string value) => value.StartsWith("the ", StringComparison.Ordinal) ? value[4..] : value;

    // A value may be a part of a longer one: a {trait} of a {pod}, as in "a pod that is privileged".
    private bool IsUsed(string form) => _cells.Contains(ValueForm.Shortest(form)) || _values.Any(v => ValueForm.Fits(form, v))
        || _clauses.Any(c => ValueForm.Fits(form, c) || c.StartsWith(form + " ", StringComparison.Ordinal));
}
