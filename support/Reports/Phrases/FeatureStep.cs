using Gherkin.CucumberMessages;
using Gherkin.CucumberMessages.Pickles;
using Io.Cucumber.Messages.Types;

namespace SecuritySpecs.Reports.Phrases;

/// <summary>A step of a scenario that runs, with the values of the example in it.</summary>
/// <param name="File">From the root.</param>
/// <param name="Line">Of the step.</param>
/// <param name="Keyword">Given, When or Then; And and But are what they follow.</param>
/// <param name="Text">The step.</param>
/// <param name="Cells">Those of its table; null for none.</param>
/// <param name="DocString">Its text argument; null for none.</param>
/// <param name="Feature">The title of its feature.</param>
/// <param name="Scenario">The title of its scenario as the file has it.</param>
/// <param name="Tags">Of the scenario, without the @.</param>
public sealed record FeatureStep(
    string File, int Line, string Keyword, string Text, IReadOnlyList<IReadOnlyList<string>>? Cells, string? DocString, string Feature, string Scenario, IReadOnlyList<string> Tags)
{
    /// <summary>File and line.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");

    /// <summary>The line of its scenario, or of the example's row: as <see cref="Evidence.ScenarioPlace.Line"/> has it.</summary>
    public int ScenarioLine { get; init; }

    /// <summary>The steps of all features, without those of scenarios that are tagged <c>@ignore</c>.</summary>
    /// <param name="root">The repository.</param>
    /// <exception cref="BadInputException">A file is no Gherkin; file and line are named.</exception>
    public static IReadOnlyList<FeatureStep> Read(string root) => [.. FeatureIndex.Files(root).SelectMany(f => Parse(f.Name, f.Text))];

    /// <summary>The steps of one feature's text.</summary>
    /// <exception cref="BadInputException">It is no Gherkin; file and line are named.</exception>
    public static IReadOnlyList<FeatureStep> Parse(string file, string text)
    {
        var ids = new IncrementingIdGenerator();
        var document = new AstMessagesConverter(ids).ConvertGherkinDocumentToEventArgs(FeatureIndex.Document(file, text), file);
        if (document.Feature is not { } feature)
            return [];
        var scenarios = feature.Children.Select(c => c.Scenario).Concat(feature.Children.SelectMany(c => c.Rule?.Children ?? []).Select(c => c.Scenario)).OfType<Scenario>().ToList();
        var backgrounds = feature.Children.Select(c => c.Background).Concat(feature.Children.SelectMany(c => c.Rule?.Children ?? []).Select(c => c.Background)).OfType<Background>();
        var lines = scenarios.SelectMany(s => s.Steps).Concat(backgrounds.SelectMany(b => b.Steps)).Select(s => (s.Id, s.Location.Line))
            .Concat(scenarios.Select(s => (s.Id, s.Location.Line))).Concat(scenarios.SelectMany(s => s.Examples).SelectMany(e => e.TableBody).Select(r => (r.Id, r.Location.Line)))
            .ToDictionary(n => n.Id, n => (int)n.Line);
        var titles = scenarios.ToDictionary(s => s.Id, s => s.Name);
        return [.. new PickleCompiler(ids).Compile(document).Select(p => StepsOf(p, file, feature.Name, titles, lines)).Where(s => s.Count > 0 && !s[0].Tags.Contains("ignore")).SelectMany(s => s)];
    }

    private static List<FeatureStep> StepsOf(Pickle pickle, string file, string feature, Dictionary<string, string> titles, Dictionary<string, int> lines)
    {
        List<string> tags = [.. pickle.Tags.Select(t => t.Name[1..])];
        var (keyword, steps) = ("Given", new List<FeatureStep>());
        foreach (var step in pickle.Steps)
        {
            // A * is what precedes it.
            keyword = step.Type switch { PickleStepType.CONTEXT => "Given", PickleStepType.ACTION => "When", PickleStepType.OUTCOME => "Then", _ => keyword };
            steps.Add(new(file, lines[step.AstNodeIds[0]], keyword, step.Text, step.Argument?.DataTable?.Rows.Select(r => r.Cells.Select(c => c.Value).ToList()).ToList(),
                step.Argument?.DocString?.Content, feature, titles[pickle.AstNodeIds[0]], tags) { ScenarioLine = lines[pickle.AstNodeIds[^1]] });
        }

        return steps;
    }
}
