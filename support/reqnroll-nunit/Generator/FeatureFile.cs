using Gherkin;
using Gherkin.Ast;
using Reqnroll.Parser;
using Reqnroll.Tracing;

namespace ReqnrollNUnit.Generator;

/// <summary>Reads feature files and checks what their grammar does not.</summary>
internal static class FeatureFile
{
    /// <param name="path">The file.</param>
    /// <param name="language">Of features that name none.</param>
    /// <exception cref="ParserException">The file is not right.</exception>
    public static GherkinDocument Parse(string path, string language)
    {
        using var reader = new StreamReader(path);
        var dialects = new ReqnrollGherkinDialectProvider(language);
        var document = new Parser(new AstBuilder<GherkinDocument>()).Parse(new TokenScanner(reader), new TokenMatcher(dialects));
        ParserException[] errors = document.Feature is null ? [] : [.. Check(document.Feature)];
        return errors.Length == 0 ? document : throw new CompositeParserException(errors);
    }

    /// <summary>The scenarios and outlines of a feature with the rule that each stands under, in the order of their pickles' ids.</summary>
    public static IEnumerable<(Scenario Scenario, Rule? Rule)> Scenarios(Feature feature) =>
        feature.Children.OfType<Scenario>().Select(s => (s, (Rule?)null))
            .Concat(feature.Children.OfType<Rule>().SelectMany(r => r.Children.OfType<Scenario>().Select(s => (s, (Rule?)r))));

    private static IEnumerable<ParserException> Check(Feature feature)
    {
        var scenarios = Scenarios(feature).Select(s => s.Scenario).ToList();
        foreach (var nameless in scenarios.Where(s => string.IsNullOrWhiteSpace(s.Name)))
            yield return Error("The scenario must have a title", nameless.Location);
        foreach (var repeated in scenarios.GroupBy(s => s.Name.ToIdentifier()).SelectMany(g => g.Skip(1)))
            yield return Error($"Feature file already contains a scenario with name '{repeated.Name}'", repeated.Location);

        foreach (var outline in scenarios.Where(s => s.Examples.Any()))
        {
            var examples = outline.Examples.ToList();
            if (examples.Exists(e => e.TableBody is null || !e.TableBody.Any()))
            {
                yield return Error($"Scenario Outline '{outline.Name}' has no examples defined", outline.Location);
                continue;
            }

            var columns = Columns(examples[0]);
            foreach (var different in examples.Where(e => !Columns(e).SequenceEqual(columns)))
                yield return Error("The example sets must provide the same parameters", different.Location);
            foreach (var named in examples.Where(e => !string.IsNullOrWhiteSpace(e.Name)).GroupBy(e => e.Name).Where(g => g.Skip(1).Any()))
                yield return Error($"Scenario Outline '{outline.Name}' already contains an example with name '{named.Key}'", named.Last().Location);
            foreach (var column in columns.GroupBy(c => c).Where(c => c.Skip(1).Any()))
                yield return Error($"Scenario Outline '{outline.Name}' already contains an example column with header '{column.Key}'", examples[0].Location);
        }
    }

    private static string[] Columns(Examples examples) => [.. examples.TableHeader.Cells.Select(c => c.Value)];

    private static SemanticError Error(string message, Location location) => new(message, location);

    private sealed class SemanticError(string message, Location location) : ParserException(message, location);
}
