using SecuritySpecs.Cluster;
using SecuritySpecs.Mutation;
using SecuritySpecs.Reports.Phrases;

namespace Steps.Tests;

/// <summary>
/// Every promise in a comment of fleet-fixtures is proven by a scenario or a mutant. support/Mutation/promises.yaml says by which.
/// </summary>
[TestFixture]
public sealed class PromiseTests
{
    private static readonly string Root = RunOptions.FindRoot();
    private static readonly string Fixtures = Path.Combine(Root, "fleet-fixtures");
    private static readonly IReadOnlyList<PromiseRow> Rows = PromiseRow.Read(Root);
    private static readonly ILookup<string, string> Promises = Mutants.Files(Fixtures).Concat(Mutants.NoManifests)
        .SelectMany(f => PromisingComments.In(File.ReadAllText(Path.Combine(Fixtures, f))).Select(p => (File: f, Promise: p)))
        .ToLookup(p => p.File, p => p.Promise);

    [Test]
    public void Every_promise_of_a_comment_has_a_row()
    {
        foreach (var row in Rows.Where(r => r.Value.StartsWith("not proven yet", StringComparison.Ordinal)))
            TestContext.Out.WriteLine($"{row.Name}: {row.Value}");

        Promises.SelectMany(f => f.Where(p => !Rows.Any(r => r.File == f.Key && IsAbout(r, p))).Select(p => $"{f.Key}: {p}"))
            .Should().Equal([], "support/Mutation/promises.yaml says for each by which scenario or mutant it is proven");
    }

    [Test]
    public void Every_row_is_about_a_comment_that_is_there() =>
        Rows.Where(r => !Promises[r.File].Any(p => IsAbout(r, p))).Select(r => r.Name)
            .Should().Equal([], "a row whose comment is gone is stale");

    [Test]
    public void Every_scenario_and_mutant_of_a_row_is_there()
    {
        var scenarios = FeatureStep.Read(Root).Select(s => $"{Path.GetFileName(s.File)}: {s.Scenario}").ToHashSet();
        var mutants = Mutants.All(Fixtures).Select(m => m.Id).ToList();

        Rows.Where(r => r.Proof switch
        {
            "scenario" => !scenarios.Contains(r.Value),
            "mutant" => !r.Value.Contains('#') || !mutants.Exists(m => m.StartsWith(r.Value, StringComparison.Ordinal)),
            _ => false,
        }).Select(r => $"{r.Name}: {r.Value}").Should().Equal([], "a row whose proof is gone is stale");
    }

    [Test]
    public void A_comment_is_read_sentence_by_sentence_across_its_lines() => PromisingComments.In("""
        # Who may call: nobody on the
        # internet. Placeholders: NAME (of what has no namespace).
        # What is not here, by name:
        #   - no NodePort, and
        #     no Ingress;
        #   - some requests. form of it. No more.
        kind: A # no comment of its own
        spec:
          # One line.
          - "no comment"
            # Never this.
        """).Should().Equal("Who may call: nobody on the internet.", "no NodePort, and no Ingress;", "No more.", "Never this.");

    private static bool IsAbout(PromiseRow row, string promise) => promise.Contains(row.Comment, StringComparison.Ordinal);
}
