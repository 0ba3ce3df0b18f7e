namespace SecuritySpecs.Tool.Mutate;

/// <summary>
/// Which scenario loads which files of fleet-fixtures, as runs have recorded it: <c>loads.json</c> beside this file, by feature and
/// title. A scenario that no run has recorded yet, for the cluster lacked what it needs, is taken to load its control's own file.
/// </summary>
internal sealed class LoadMap
{
    private const string FileName = "support/Tool/Mutate/loads.json";
    private static readonly JsonSerializerOptions Written = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string _path;

    private LoadMap(string path, SortedDictionary<string, SortedDictionary<string, string[]>> features) => (_path, Features) = (path, features);

    /// <summary>The files of each scenario, by feature file and title.</summary>
    public SortedDictionary<string, SortedDictionary<string, string[]>> Features { get; }

    /// <summary>Reads the data.</summary>
    /// <param name="root">The repository.</param>
    /// <exception cref="EnvironmentException">It is no such data.</exception>
    public static LoadMap Read(string root)
    {
        var path = Path.Combine(root, FileName);
        try
        {
            var read = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string[]>>>(File.ReadAllText(path))! : [];
            return new(path, new(read.ToDictionary(f => f.Key, f => new SortedDictionary<string, string[]>(f.Value, StringComparer.Ordinal)), StringComparer.Ordinal));
        }
        catch (JsonException e)
        {
            throw new EnvironmentException($"{FileName} is not as wanted: {e.Message}", e);
        }
    }

    /// <summary>Takes what a run has recorded. What is no longer in the features goes.</summary>
    /// <param name="results">The run's scenarios.</param>
    /// <param name="features">Those that there are.</param>
    public void Learn(IEnumerable<ScenarioResult> results, FeatureIndex features)
    {
        foreach (var result in results.Where(r => r.Status is ResultStatus.Passed or ResultStatus.Failed && r.Manifests is { Count: > 0 } && r.Mutant is null))
        {
            if (!Features.TryGetValue(result.Feature, out var titles))
                Features[result.Feature] = titles = new(StringComparer.Ordinal);
            // Who failed may not have come to all of them.
            if (result.Status == ResultStatus.Passed || !titles.ContainsKey(result.Name))
                titles[result.Name] = [.. result.Manifests!];
        }

        foreach (var (feature, title) in Stale(features))
            Features[feature].Remove(title);
    }

    /// <summary>The entries whose scenario is gone.</summary>
    public IReadOnlyList<(string Feature, string Title)> Stale(FeatureIndex features)
    {
        var there = features.All.Select(p => (p.Feature, p.Name)).ToHashSet();
        return [.. Features.SelectMany(f => f.Value.Keys.Select(t => (f.Key, t))).Where(e => !there.Contains(e))];
    }

    /// <summary>Whether a scenario loads a file.</summary>
    public bool Loads(ScenarioPlace place, string file) => Features.GetValueOrDefault(place.Feature)?.GetValueOrDefault(place.Name) is { } files
        ? files.Contains(file) : file == $"controls/{Scenarios.ControlOf(place)}.yaml";

    /// <summary>How many files a scenario loads.</summary>
    public int Count(ScenarioPlace place) => Features.GetValueOrDefault(place.Feature)?.GetValueOrDefault(place.Name)?.Length ?? 0;

    /// <summary>Writes the data: a line for each scenario.</summary>
    public void Write()
    {
        var features = Features.Where(f => f.Value.Count > 0).Select(f =>
            $"  {Text(f.Key)}: {{\n{string.Join(",\n", f.Value.Select(t => $"    {Text(t.Key)}: [{string.Join(", ", t.Value.Select(Text))}]"))}\n  }}");
        File.WriteAllText(_path, $"{{\n{string.Join(",\n", features)}\n}}\n");
    }

    private static string Text(string text) => JsonSerializer.Serialize(text, Written);
}
