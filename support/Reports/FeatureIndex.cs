using Gherkin;
using Gherkin.Ast;
using SecuritySpecs.Evidence;
using SecuritySpecs.Kube.Files;

namespace SecuritySpecs.Reports;

/// <summary>
/// Where every scenario of the features stands. Reqnroll tells a running scenario its title and arguments but
/// neither file nor line, so the titles are looked up here.
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
    /// <exception cref="BadInputException">A file is no Gherkin; file and line are named.</exception>
    public static FeatureIndex Read(string root)
    {
        var index = new FeatureIndex();
        foreach (var (name, text) in Files(root))
            index.Add(name, text);
        return index;
    }

    /// <summary>The features below a folder, one after another: name in the repository, and text.</summary>
    /// <exception cref="BadInputException">A file cannot be read.</exception>
    internal static IEnumerable<(string Name, string Text)> Files(string root) =>
        Directory.EnumerateFiles(Path.Combine(root, "features"), "*.feature", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => (Path: f, Name: Path.GetRelativePath(root, f).Replace('\\', '/'))).Select(f => (f.Name, TextFile.Read(f.Path, f.Name)));

    /// <summary>Reads one feature's text.</summary>
    /// <exception cref="BadInputException">It is no Gherkin; file and line are named.</exception>
    public static FeatureIndex Parse(string file, string text)
    {
        var index = new FeatureIndex();
        index.Add(file, text);
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

    /// <summary>The scenarios at a line of a feature file: one, or all examples of an outline where the line is in no row of theirs.</summary>
    /// <returns>None where the line is in no scenario.</returns>
    public IReadOnlyList<ScenarioPlace> At(string file, int line)
    {
        var around = All.Where(p => p.Feature == file && p.FirstLine <= line && line <= p.LastLine).ToList();
        return around.Exists(p => p.Line == line) ? [.. around.Where(p => p.Line == line)] : around;
    }

    private void Add(string file, string text)
    {
        if (Document(file, text).Feature is not { } feature)
            return;
        AddScenarios(feature.Children, feature.Tags);
        foreach (var rule in feature.Children.OfType<Rule>())
            AddScenarios(rule.Children, feature.Tags.Concat(rule.Tags));

        void AddScenarios(IEnumerable<IHasLocation> children, IEnumerable<Tag> inherited)
        {
            foreach (var scenario in children.OfType<Scenario>())
                _entries.AddRange(EntriesOf(scenario, file, feature.Name, [.. inherited.Concat(scenario.Tags)]));
        }
    }

    private static IEnumerable<Entry> EntriesOf(Scenario scenario, string file, string feature, Tag[] tags)
    {
        var (first, last) = Extent(scenario);
        if (!scenario.Examples.Any())
            yield return new(feature, scenario.Name, new Dictionary<string, string>(), new(file, scenario.Name, scenario.Location.Line, Names(tags)) { FirstLine = first, LastLine = last });
        foreach (var examples in scenario.Examples)
        {
            if (examples.TableHeader is { } header && header.Cells.GroupBy(c => c.Value).FirstOrDefault(g => g.Count() > 1) is { } twice)
                throw new BadInputException(file, header.Location.Line, $"the column \"{twice.Key}\" is there twice");
            foreach (var row in examples.TableBody ?? [])
            {
                var arguments = examples.TableHeader.Cells.Zip(row.Cells).ToDictionary(c => c.First.Value, c => c.Second.Value);
                yield return new(feature, scenario.Name, arguments,
                    new(file, Named(scenario.Name, arguments), row.Location.Line, Names(tags.Concat(examples.Tags))) { FirstLine = first, LastLine = last });
            }
        }
    }

    // From its first tag to the last line of its last step or example.
    private static (int First, int Last) Extent(Scenario scenario)
    {
        var steps = scenario.Steps.Select(s => s.Argument switch
        {
            DataTable table => table.Rows.Last().Location.Line,
            DocString doc => doc.Location.Line + doc.Content.Split('\n').Length + 1,
            _ => s.Location.Line,
        });
        var examples = scenario.Examples.Select(e => e.TableBody?.LastOrDefault()?.Location.Line ?? e.Location.Line);
        return (scenario.Tags.Select(t => t.Location.Line).Append(scenario.Location.Line).Min(), steps.Concat(examples).Append(scenario.Location.Line).Max());
    }

    private static List<string> Names(IEnumerable<Tag> tags) => [.. tags.Select(t => t.Name[1..])];

    internal static GherkinDocument Document(string file, string text)
    {
        try
        {
            return new Parser().Parse(new StringReader(text));
        }
        catch (ParserException e)
        {
            var error = e is CompositeParserException { Errors: var errors } ? errors.First() : e;
            throw new BadInputException(file, error.Location?.Line ?? 1, error is UnexpectedTokenException unexpected
                ? $"\"{unexpected.ReceivedToken.GetTokenValue()}\" cannot stand here; allowed are: {string.Join(", ", unexpected.ExpectedTokenTypes.Select(Kind).OfType<string>())}"
                : Place().Replace(error.Message, ""));
        }
    }

    // "#StepLine" is a step.
    private static string? Kind(string token) => token switch
    {
        "#EOF" or "#Empty" => null,
        "#Other" => "text",
        "#TableRow" => "table row",
        "#DocStringSeparator" => "doc string",
        _ => token.TrimStart('#').Replace("Line", "", StringComparison.Ordinal).ToLowerInvariant(),
    };

    // As a person reads it: placeholders filled in, or the example's values after a title that has none.
    private static string Named(string title, Dictionary<string, string> arguments)
    {
        var filled = arguments.Aggregate(title, (text, a) => text.Replace($"<{a.Key}>", a.Value, StringComparison.Ordinal));
        return filled == title ? $"{title} ({string.Join(", ", arguments.Values)})" : filled;
    }

    // How the messages of the parser begin.
    [GeneratedRegex(@"^\(\d+:\d+\): ")]
    private static partial Regex Place();

    private sealed record Entry(string FeatureTitle, string Title, IReadOnlyDictionary<string, string> Arguments, ScenarioPlace Place);
}
