using SecuritySpecs.Kube;
using SecuritySpecs.Reports;
using SecuritySpecs.Steps.Run;

namespace Steps.Tests;

[TestFixture]
public sealed class ScenarioOrderTests
{
    private const int Seed = 7;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly IReadOnlyList<RosterEntry> Selected = [.. Enumerable.Range(0, 30).Select(n => new RosterEntry($"0-{n}", $"Feature: scenario {n}"))];

    [Test]
    public void The_seed_and_the_names_decide_the_order_and_the_runner_s_numbers_do_not()
    {
        var renumbered = Selected.Reverse().Select((s, n) => s with { Id = $"1-{n}" }).ToList();

        Names(renumbered, Seed).Should().Equal(Names(Selected, Seed));
        Names(Selected, Seed + 1).Should().NotEqual(Names(Selected, Seed)).And.BeEquivalentTo(Names(Selected, Seed));
    }

    [Test]
    public async Task Scenarios_begin_in_the_order_however_they_arrive()
    {
        var order = new ScenarioOrder(Selected, Seed, 1, Long);
        var begun = new List<string>();

        await Task.WhenAll(Selected.Select(async s =>
        {
            var turn = await order.BeginAsync(s.Id);
            begun.Add(s.Name); // one at once
            turn.End();
        }));

        begun.Should().Equal(Names(Selected, Seed));
    }

    [Test]
    public async Task No_more_begin_at_once_than_in_a_run_without_an_order()
    {
        var order = new ScenarioOrder(Selected, Seed, 2, Long);
        var arrived = ScenarioOrder.Shuffle(Selected, Seed).Select(s => order.BeginAsync(s.Id)).ToList();

        arrived.Count(a => a.IsCompleted).Should().Be(2);
        (await arrived[0]).End();
        await arrived[2].WaitAsync(Long);
        arrived.Count(a => a.IsCompleted).Should().Be(3);
    }

    [Test]
    public async Task Where_a_scenario_never_appears_those_after_it_fail_and_name_it()
    {
        var order = new ScenarioOrder(Selected, Seed, 2, TimeSpan.FromMilliseconds(50));
        var shuffled = ScenarioOrder.Shuffle(Selected, Seed);
        var (first, third) = (order.BeginAsync(shuffled[0].Id), order.BeginAsync(shuffled[2].Id));

        await first;
        await third.Invoking(t => t).Should().ThrowAsync<EnvironmentException>().WithMessage($"the order of seed 7 cannot be kept: '{shuffled[1].Name}' did not begin within 0.05 s*");
        await order.Invoking(o => o.BeginAsync(shuffled[3].Id)).Should().ThrowAsync<EnvironmentException>();
    }

    private static IEnumerable<string> Names(IReadOnlyList<RosterEntry> selected, int seed) => ScenarioOrder.Shuffle(selected, seed).Select(s => s.Name);
}
