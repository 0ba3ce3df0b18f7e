using Gherkin;
using Gherkin.Ast;
using Reqnroll.Parser;
using Reqnroll.Tracing;

namespace ReqnrollNUnit.Generator;

/// <summary>Reads feature files and checks what their grammar does not.</summary>
internal static class FeatureFile
{
    /// <summary>The language of a feature that names none.</summary>
    public static readonly IGherkinDialectProvider Dialects = new ReqnrollGherkinDialectProvider("en-US");

    /// <exception cref="ParserException">The file is not right.</exception>
    public static GherkinDocument Parse(string path)
    {
        using var reader = new StreamReader(path);
        var document = new Parser(new AstBuilder<GherkinDocument>()).Parse(new TokenScanner(reader), new TokenMatcher(Dialects));
        ParserException[] errors = document.Feature is null ? [] : [.. Check(document.Feature)];
        return errors.Length == 0 ? document : throw new CompositeParserException(errors);
    }

    /// <summary>The scenarios and outlines of a feature with the rule that each stands under, in the order of their pickles' ids.</summary>
    public static IEnumerable<(Scenario Scenario, Rule? Rule)> Scenarios(Feature feature) =>
        feature.Children.OfType<Scenario>().Select(s => (s, (Rule?)null))
            .Concat(feature.Children.OfType<Rule>().SelectMany(r => r.Children.OfType<Scenario>().Select(s => (s, (Rule?)r))));

    /// <summary>The errors with their lines; the messages begin with (line:column).</summary>
    public static IEnumerable<(int Line, string Message)> Errors(ParserException error) =>
        error is CompositeParserException composite ? composite.Errors.SelectMany(Errors) : [(error.Location?.Line ?? 1, error.Message)];

    private static IEnumerable<ParserException> Check(Feature feature)
    {
        var scenarios = Scenarios(feature).Select(s => s.Scenario).ToList();
        if (string.IsNullOrWhiteSpace(feature.Name))
            yield return Error("The feature must have a title", feature.Location);
        foreach (var nameless in scenarios.Where(s => string.IsNullOrWhiteSpace(s.Name)))
            yield return Error("The scenario must have a title", nameless.Location);
        foreach (var repeated in scenarios.GroupBy(s => s.Name.ToIdentifier()).SelectMany(g => g.Skip(1)))
            yield return Error($"Feature file already contains a scenario with name '{repeated.Name}'", repeated.Location);

        foreach (var outline in scenarios.Where(IsOutline))
        {
            var examples = outline.Examples.ToList();
            if (examples.Count == 0 || examples.Exists(e => e.TableBody is null || !e.TableBody.Any()))
            {
                yield return Error($"Scenario Outline '{outline.Name}' has no examples defined", outline.Location);
                continue;
            }

            var columns = Columns(examples[0]);
            foreach (var different in examples.Where(e => !Columns(e).SequenceEqual(columns)))
                yield return Error("The example sets must provide the same parameters", different.Location);
            foreach (var column in columns.GroupBy(c => c).Where(c => c.Skip(1).Any()))
                yield return Error($"Scenario Outline '{outline.Name}' already contains an example column with header '{column.Key}'", examples[0].Location);
        }
    }

    // The keyword alone makes an outline: without examples it would be a scenario whose <columns> nobody fills in.
    private static bool IsOutline(Scenario scenario) =>
        scenario.Examples.Any() || Dialects.DefaultDialect.ScenarioOutlineKeywords.Contains(scenario.Keyword);

    private static string[] Columns(Examples examples) => [.. examples.TableHeader.Cells.Select(c => c.Value)];

    private static SemanticError Error(string message, Location location) => new(message, location);

    private sealed class SemanticError(string message, Location location) : ParserException(message, location);
}
