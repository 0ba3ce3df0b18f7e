namespace SecuritySpecs.Tool;

/// <summary>The scenarios that a run is asked for: by where they stand, by their title, or by a filter of the runner's.</summary>
/// <param name="Asked">As it was asked for.</param>
/// <param name="Filter">What the runner is told. Of scenarios that are chosen by place it lets through all of their controls'.</param>
/// <param name="Places">The scenarios; null where only the runner knows.</param>
internal sealed record Selection(string Asked, string Filter, IReadOnlyList<ScenarioPlace>? Places)
{
    private const string Example = "features/20-rbac-and-quotas/gpu-quota.feature:24";

    /// <summary>Understands what was asked for.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="places">Feature files with or without a line, and folders; relative to where we are, or to the repository.</param>
    /// <param name="title">A part of the title; null for any.</param>
    /// <param name="filter">A filter of the runner's; null for none.</param>
    /// <returns>Null where it was asked for nothing in particular: for all.</returns>
    /// <exception cref="EnvironmentException">No scenario is meant so; the message says what can be.</exception>
    public static Selection? Of(string root, IReadOnlyList<string> places, string? title, string? filter)
    {
        if (filter is not null)
        {
            if (places.Count > 0 || title is not null)
                throw new EnvironmentException("--filter excludes --name and FILE:LINE");
            return TestFilter.Problem(filter) is { } problem ? throw new EnvironmentException($"--filter '{filter}': {problem}") : new($"--filter {filter}", filter, null);
        }

        if (places.Count == 0 && title is null)
            return null;
        var features = FeatureIndex.Read(root);
        var chosen = places.Count == 0 ? features.All : [.. places.SelectMany(p => At(root, features, p)).DistinctBy(p => (p.Feature, p.Line))];
        if (title is not null)
            chosen = [.. chosen.Where(p => p.Name.Contains(title, StringComparison.OrdinalIgnoreCase))];
        if (chosen.Count == 0)
            throw new EnvironmentException($"--name '{title}': no scenario {(places.Count == 0 ? "" : "there ")}has that in its title");
        var asked = string.Join(' ', title is null ? places : [.. places, $"--name '{title}'"]);
        return new(asked, FilterOf(chosen), chosen);
    }

    /// <summary>The runner's filter for all scenarios of the controls that some scenarios prove.</summary>
    public static string FilterOf(IEnumerable<ScenarioPlace> places) => string.Join('|', places.SelectMany(p => p.Tags)
        .Where(t => t.StartsWith(PostureBuilder.ControlTag, StringComparison.Ordinal)).Distinct().Select(c => $"TestCategory={c}"));

    private static IEnumerable<ScenarioPlace> At(string root, FeatureIndex features, string place)
    {
        if (place.StartsWith('-'))
            throw new EnvironmentException($"unknown option '{place}' (see 'specs run --help')");
        var parts = place.Split(':');
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parts[0]));
        if (!Path.Exists(path))
            path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(root, parts[0])));
        if (!Path.Exists(path))
            throw new EnvironmentException($"'{place}': there is no feature file or folder {parts[0]}; wanted is FILE, FILE:LINE or FOLDER, e.g. {Example}");
        var name = Path.GetRelativePath(root, path).Replace('\\', '/');
        var inside = features.All.Where(p => p.Feature == name || p.Feature.StartsWith(name + "/", StringComparison.Ordinal)).ToList();
        if (inside.Count == 0)
            throw new EnvironmentException($"'{place}': {parts[0]} holds no scenario; those are in {string.Join(", ", features.All.Select(p => Path.GetDirectoryName(p.Feature)).Distinct())}");
        if (parts.Length == 1)
            return inside;
        if (parts.Length > 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var line))
            throw new EnvironmentException($"'{place}': write one line number after the colon, e.g. {Example}");
        var chosen = features.At(name, line);
        return chosen.Count > 0 ? chosen : throw new EnvironmentException(File.Exists(path)
            ? $"'{place}': line {parts[1]} is in no scenario; scenarios are in lines {Lines(inside)}" : $"'{place}': {parts[0]} is a folder, which has no lines");
    }

    private static string Lines(List<ScenarioPlace> places) =>
        string.Join(", ", places.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.FirstLine}-{p.LastLine}")).Distinct());
}
