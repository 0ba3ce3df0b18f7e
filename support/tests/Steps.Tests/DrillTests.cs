using SecuritySpecs.Cluster;
using SecuritySpecs.Mutation;
using SecuritySpecs.Reports.Phrases;

namespace Steps.Tests;

/// <summary>What makes a scenario a drill: all five parts in their order, a query that is run twice, and a mistake that the mutation run makes, too.</summary>
[TestFixture]
public sealed class DrillTests
{
    private const int FewestDrills = 20;

    // The drills whose mistake is in no file under test, and why.
    private static readonly Dictionary<string, string> WithoutMutant = new()
    {
        ["secret-in-a-variable"] = "the credential is in what a tenant submits; fleet-fixtures/secret-rules.toml has what must be found and what must not",
    };

    private static readonly string Root = RunOptions.FindRoot();
    private static readonly IReadOnlyList<DrillScenario> Drills = DrillScenario.Read(Root);

    private static IEnumerable<string> Names => Drills.Select(d => d.Runbook.Drill);

    [Test]
    public void There_are_enough_drills() => Drills.Should().HaveCountGreaterThanOrEqualTo(FewestDrills);

    [TestCaseSource(nameof(Names))]
    public void A_drill_has_all_its_parts_in_order(string name)
    {
        var drill = Drills.Single(d => d.Runbook.Drill == name);

        drill.Stages.Select(s => s.Stage).Should().Equal([DrillStage.Mistake, DrillStage.Attack, DrillStage.Fix, DrillStage.SameAttack], $"these are the headings of {drill.Place.Where}");
        Enumerable.Range(0, drill.Steps.Count).Select(drill.StageOf).Distinct().Should().Equal(Enum.GetValues<DrillStage>(), "each has a step");
    }

    [TestCaseSource(nameof(Names))]
    public void A_drill_runs_its_query_after_the_attack_and_after_the_fix(string name)
    {
        var drill = Drills.Single(d => d.Runbook.Drill == name);

        drill.Steps.Select((s, n) => (s.Text, Stage: drill.StageOf(n))).Where(s => s.Text.StartsWith("the query of the runbook", StringComparison.Ordinal))
            .Should().Equal(("the query of the runbook finds the mistake", DrillStage.Attack), ("the query of the runbook finds no mistake", DrillStage.SameAttack));
    }

    // A check of a class repeats these steps while the hole is open: what they do must not add up.
    [TestCaseSource(nameof(Names))]
    public void The_same_attack_fails_by_a_denial(string name)
    {
        var drill = Drills.Single(d => d.Runbook.Drill == name);

        drill.Steps.Where((_, n) => drill.StageOf(n) == DrillStage.SameAttack).Should().Contain(s => Observed.IsDenial(s));
    }

    [Test]
    public void Every_mistake_is_one_of_the_mutation_run()
    {
        var mutants = Mutants.All(Path.Combine(Root, "fleet-fixtures")).Select(m => m.Id).ToList();

        Drills.Where(d => d.Runbook.Mutant is not { } mutant || !mutants.Exists(m => m.StartsWith(mutant + ":", StringComparison.Ordinal))).Select(d => $"{d.Runbook.Drill}: {d.Runbook.Mutant}")
            .Should().Equal(WithoutMutant.Keys.Select(k => $"{k}: "));
    }
}
