namespace SecuritySpecs.Network;

/// <summary>A label selector as Kubernetes' objects hold it: all of its requirements must be met, and an empty one is met by everything.</summary>
internal sealed class LabelSelector
{
    private readonly List<Predicate<IReadOnlyDictionary<string, string>>> _requirements = [];

    /// <summary>Reads a selector.</summary>
    /// <param name="selector">The object with <c>matchLabels</c> and <c>matchExpressions</c>.</param>
    /// <exception cref="ArgumentException">An operator is unknown.</exception>
    public LabelSelector(JsonNode selector)
    {
        foreach (var (key, value) in selector["matchLabels"]?.AsObject() ?? [])
            _requirements.Add(labels => labels.TryGetValue(key, out var has) && has == (string?)value);
        foreach (var expression in selector["matchExpressions"]?.AsArray() ?? [])
            _requirements.Add(Requirement(expression!));
    }

    /// <summary>Whether labels meet it.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels) => _requirements.TrueForAll(r => r(labels));

    private static Predicate<IReadOnlyDictionary<string, string>> Requirement(JsonNode expression)
    {
        var key = (string)expression["key"]!;
        var values = (expression["values"]?.AsArray() ?? []).Select(v => (string)v!).ToHashSet();
        return (string)expression["operator"]! switch
        {
            "In" => labels => labels.TryGetValue(key, out var has) && values.Contains(has),
            // Also met by whoever has no such label.
            "NotIn" => labels => !labels.TryGetValue(key, out var has) || !values.Contains(has),
            "Exists" => labels => labels.ContainsKey(key),
            "DoesNotExist" => labels => !labels.ContainsKey(key),
            var other => throw new ArgumentException($"A label selector has no operator \"{other}\"."),
        };
    }
}
