using SecuritySpecs.Evidence;
using SecuritySpecs.Reports;
using SecuritySpecs.Tool;
using Spectre.Console.Testing;

namespace Specs.Tests;

/// <summary>What a person sees on a terminal. Elsewhere the other tests look at plain lines.</summary>
[TestFixture]
public sealed class WatchTests
{
    [Test]
    public async Task Features_have_a_bar_and_what_is_over_stays()
    {
        using var console = new TestConsole().Width(120).Interactive().EmitAnsiSequences();
        var watch = new Watch(console, isLive: true);

        var code = await watch.RunAsync(Filtered("TestCategory=control:gpu-quota"), Repository.Root, line =>
        {
            line("specs: run abc: bringing up the platform");
            line("not for people");
            line(new ScenarioEvent("features/20-rbac-and-quotas/gpu-quota.feature", "It holds", 3, ResultStatus.Passed, 200).ToLine());
            line(new ScenarioEvent("features/20-rbac-and-quotas/gpu-quota.feature", "It [fails]", 9, ResultStatus.Failed, 1500).ToLine());
            return Task.FromResult(1);
        });

        code.Should().Be(1);
        console.Output.Should().Contain("run abc: bringing up the platform").And.NotContain("not for people").And.NotContain("It holds")
            .And.MatchRegex("failed +It \\[fails\\]").And.MatchRegex("features/20-rbac-and-quotas/gpu-quota.feature:9").And.MatchRegex("gpu-quota.* 1 passed, 1 failed").And.Contain("━");
    }

    [Test]
    public async Task Of_a_preparation_the_steps_stay_and_how_far_they_are_passes_by()
    {
        using var console = new TestConsole().Width(120).Interactive();

        var done = await new Watch(console, isLive: true).PrepareAsync(tell =>
        {
            tell("Pulling [k3s] ...");
            tell("  15 s  half of it");
            return Task.FromResult("image");
        });

        done.Should().Be("image");
        console.Output.Should().Contain("Pulling [k3s] ...");
    }

    [Test]
    public async Task What_can_tell_how_far_it_is_has_a_bar()
    {
        using var console = new TestConsole().Width(120).Interactive().EmitAnsiSequences();

        var done = await new Watch(console, isLive: true).MeterAsync(tell =>
        {
            tell("reading [pods] 500/1000", 0.5);
            return Task.FromResult("all");
        });

        done.Should().Be("all");
        console.Output.Should().Contain("reading [pods] 500/1000").And.Contain("━").And.MatchRegex("50 ?%");
    }

    [TestCase(null, 3)]
    [TestCase("TestCategory=control:gpu", 2)]
    [TestCase("TestCategory=control:gpu|TestCategory=control:net", 3)]
    [TestCase("TestCategory=control:none", 0)]
    [TestCase("FullyQualifiedName~Quota", null)]
    [TestCase("TestCategory=control:gpu&Name~quota", null)]
    [TestCase("TestCategory!=control:gpu", null)]
    public void A_filter_by_categories_tells_how_many_scenarios_run(string? filter, int? expected)
    {
        ScenarioPlace[] all = [new("a", "1", 1, ["control:gpu"]), new("a", "2", 2, ["control:gpu"]), new("b", "3", 3, ["control:net"])];

        var selection = filter is null ? null : Filtered(filter);

        Watch.Totals(selection, all)?.Values.Sum().Should().Be(expected);
        (Watch.Totals(selection, all) is null).Should().Be(expected is null);
    }

    [Test]
    public void Scenarios_that_are_chosen_by_place_are_counted() =>
        Watch.Totals(new("a:1", "TestCategory=control:gpu", [new("a", "1", 1, ["control:gpu"])]), [new("a", "1", 1, ["control:gpu"]), new("a", "2", 2, ["control:gpu"])])!.Values.Sum().Should().Be(1);

    private static Selection Filtered(string filter) => new($"--filter {filter}", filter, null);
}
