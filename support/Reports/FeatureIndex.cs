using System.Text.RegularExpressions;

namespace SecuritySpecs.Reports;

/// <summary>
/// Where every scenario of the features stands. Reqnroll tells a running scenario its title and arguments but
/// neither file nor line, so the titles are looked up here; Reqnroll's own parser has checked the syntax before.
/// </summary>
public sealed partial class FeatureIndex
{
    private readonly List<Entry> _entries = [];

    private FeatureIndex()
    {
    }

    /// <summary>Every scenario and outline example, in the order of the files.</summary>
    public IReadOnlyList<ScenarioPlace> All => [.. _entries.Select(e => e.Place)];

    /// <summary>Reads the features below a folder.</summary>
    /// <param name="root">The repository; paths are relative to it.</param>
    public static FeatureIndex Read(string root)
    {
        var index = new FeatureIndex();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "features"), "*.feature", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            index.Add(Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllLines(file));
        return index;
    }

    /// <summary>Reads one feature's text.</summary>
    public static FeatureIndex Parse(string file, string text)
    {
        var index = new FeatureIndex();
        index.Add(file, text.Split('\n'));
        return index;
    }

    /// <summary>The place of a scenario that runs.</summary>
    /// <param name="feature">The feature's title.</param>
    /// <param name="scenario">The scenario's title.</param>
    /// <param name="arguments">An outline example's values by column; empty for a plain scenario.</param>
    /// <exception cref="KeyNotFoundException">No feature file has it.</exception>
    public ScenarioPlace Find(string feature, string scenario, IReadOnlyDictionary<string, string> arguments) =>
        _entries.Find(e => e.FeatureTitle == feature && e.Title == scenario
            && e.Arguments.Count == arguments.Count && e.Arguments.All(a => arguments.TryGetValue(a.Key, out var v) && v == a.Value))?.Place
        ?? throw new KeyNotFoundException($"No file under features/ has a scenario \"{scenario}\" in a feature \"{feature}\".");

    private void Add(string file, string[] lines)
    {
        string featureTitle = "", title = "", fence = "";
        List<string> featureTags = [], tags = [], scenarioTags = [];
        string[]? header = null;
        bool outline = false, examples = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith("\"\"\"", StringComparison.Ordinal) || line.StartsWith("```", StringComparison.Ordinal))
            {
                fence = fence.Length == 0 ? line[..3] : "";
                continue;
            }

            if (fence.Length > 0 || line.StartsWith('#'))
                continue;
            if (line.StartsWith('@'))
            {
                tags.AddRange(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => t[1..]));
            }
            else if (Keyword().Match(line) is { Success: true } match)
            {
                var (keyword, text) = (match.Groups[1].Value, match.Groups[2].Value.Trim());
                examples = keyword is "Examples" or "Scenarios";
                header = null;
                if (keyword == "Feature")
                    (featureTitle, featureTags) = (text, tags);
                else if (examples)
                    scenarioTags = [.. scenarioTags, .. tags];
                else if (keyword != "Background")
                    (title, scenarioTags, outline) = (text, [.. featureTags, .. tags], keyword is "Scenario Outline" or "Scenario Template");
                if (keyword is "Scenario" or "Example")
                    _entries.Add(new(featureTitle, title, new Dictionary<string, string>(), new(file, title, i + 1, scenarioTags)));
                tags = [];
            }
            else if (outline && examples && line.StartsWith('|'))
            {
                var cells = line.Trim('|').Split('|').Select(c => c.Trim()).ToArray();
                if (header is null)
                {
                    header = cells;
                    continue;
                }

                var arguments = header.Zip(cells).ToDictionary(c => c.First, c => c.Second);
                _entries.Add(new(featureTitle, title, arguments, new(file, Named(title, arguments), i + 1, scenarioTags)));
            }
        }
    }

    // As a person reads it: placeholders filled in, or the example's values after a title that has none.
    private static string Named(string title, Dictionary<string, string> arguments)
    {
        var filled = arguments.Aggregate(title, (text, a) => text.Replace($"<{a.Key}>", a.Value, StringComparison.Ordinal));
        return filled == title ? $"{title} ({string.Join(", ", arguments.Values)})" : filled;
    }

    [GeneratedRegex(@"^(Feature|Background|Scenario Outline|Scenario Template|Scenario|Example|Examples|Scenarios):(.*)$")]
    private static partial Regex Keyword();

    private sealed record Entry(string FeatureTitle, string Title, IReadOnlyDictionary<string, string> Arguments, ScenarioPlace Place);
}
