namespace Specs.Tests;

/// <summary>A hunt is many runs, each in another order, and one table of what they found.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class HuntTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Test]
    public void A_failure_in_one_of_three_runs_is_told_with_how_often_the_first_message_and_the_command_that_repeats_it()
    {
        machine.WritePosture(passed: 2, failed: 1);
        File.Move(machine.At("posture.json"), machine.At("posture-41.json"));
        machine.WritePosture(passed: 3);

        var outcome = machine.Specs("hunt", "--runs", "3", "--seed=40", "--load", "1", "--filter", "Name~quota|Name~pod");

        outcome.ExitCode.Should().Be(1, outcome.Errors);
        machine.Calls.Where(c => c.StartsWith("dotnet test", StringComparison.Ordinal)).Should().HaveCount(3)
            .And.OnlyContain(c => WorkersOfAnOrder().IsMatch(c), "an order needs a worker for each scenario");
        machine.Calls.Where(c => c.StartsWith("order ", StringComparison.Ordinal)).Should().Equal("order 40", "order 41", "order 42");
        outcome.Errors.Should().Contain("hunt: seed 40, 3 runs beside 1 busy loop;").And.MatchRegex(@"\nrun 2 of 3  seed 41  \d+ s  2 passed, 1 failed, 0 inconclusive\n");
        outcome.Output.Should().Contain("  1 of 3 runs  features/a.feature:3  Scenario 3\n      in run 2; first:\n      It went wrong.\n")
            .And.Contain("      again: support/specs hunt --runs 1 --seed 41 --load 1 --filter 'Name~quota|Name~pod'\n")
            .And.MatchRegex(@"\n +3 +0\.0 +0\.0 +0\.0 +0\.0  features/a\.feature:1  Scenario 1\n");
        outcome.LastLine.Should().Be("8 passed, 1 failed, 3 skipped");
        File.ReadAllText(machine.At("repository/TestResults/hunt.txt")).Should().EndWith("\n8 passed, 1 failed, 3 skipped\n");
        File.Exists(machine.At("repository/TestResults/hunt-02/posture.json")).Should().BeTrue();
    }

    [Test]
    public void Where_nothing_fails_it_says_so_and_starts_a_new_cluster_for_each_run()
    {
        var outcome = machine.Specs("hunt", "--runs", "2");

        outcome.ExitCode.Should().Be(0, outcome.Errors);
        outcome.Output.Should().Contain("\nNothing failed.\n");
        outcome.LastLine.Should().Be("6 passed, 0 failed, 2 skipped");
        machine.Calls.Where(c => c.StartsWith("keep ", StringComparison.Ordinal)).Should().Equal("keep 0", "keep 0");
    }

    [Test]
    public void A_run_in_error_is_a_failure_with_its_message_although_no_scenario_failed()
    {
        machine.WritePosture(passed: 3, error: "\"1 scenario without a verdict: Quota: a pod\"");

        var outcome = machine.Specs("hunt", "--runs", "1");

        outcome.ExitCode.Should().Be(1, outcome.Errors);
        outcome.Output.Should().Contain("  1 of 1 runs  the run itself\n      in run 1; first:\n      1 scenario without a verdict: Quota: a pod\n");
        outcome.LastLine.Should().Be("3 passed, 1 failed, 1 skipped");
    }

    [Test]
    public void A_run_without_results_ends_the_hunt_with_its_message()
    {
        machine["FAKE_TEST_OUTPUT"] = "No test matches the given testcase filter";
        File.Delete(machine.At("posture.json"));

        var outcome = machine.Specs("hunt", "--runs", "3", "--filter", "Name~nowhere");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain("\nspecs: run 1 of 3 ended with exit code 2 and left no results: --filter Name~nowhere matches no scenario (its output: ");
        machine.Calls.Count(c => c.StartsWith("dotnet test", StringComparison.Ordinal)).Should().Be(1);
    }

    [Test]
    public void An_interrupted_hunt_lets_its_run_tidy_up_and_tells_of_the_runs_that_ended()
    {
        machine.Write("hold-41");
        using var hunt = machine.Start("hunt", "--runs", "3", "--seed", "40");
        hunt.WaitUntil("the second run tests", () => machine.Calls.Contains("order 41"));

        hunt.Signal("INT");
        var outcome = hunt.Wait();

        outcome.ExitCode.Should().Be(130, outcome.Errors);
        outcome.Output.Should().Contain("\nThe hunt ended after 1 of 3 runs.\n");
        outcome.LastLine.Should().Be("3 passed, 0 failed, 1 skipped");
        Directory.GetFiles(machine.At("containers")).Should().BeEmpty();
        machine.Calls.Should().NotContain("order 42");
    }

    [GeneratedRegex(@" -- NUnit\.NumberOfTestWorkers=\d{3,}$")]
    private static partial Regex WorkersOfAnOrder();
}
