namespace Specs.Tests;

/// <summary>However a run ends, it tidies up; and runs at the same time leave each other alone.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EndTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [TestCase("INT")]
    [TestCase("TERM")]
    public void An_interrupted_run_stops_its_tests_and_removes_what_they_made(string signal)
    {
        using var run = machine.StartRun();
        var (id, process) = TestProcess();

        run.Signal(signal);
        var outcome = run.Wait();

        outcome.ExitCode.Should().Be(130);
        Directory.Exists($"/proc/{process}").Should().BeFalse("the test process must have ended");
        outcome.Errors.Should().Contain("Interrupted: tidying up ...").And.Contain($" of run {id}");
        Directory.GetFiles(machine.At("containers")).Should().BeEmpty();
    }

    [Test]
    public void A_killed_run_does_not_stand_in_the_way_of_the_next_one_which_sweeps_after_it()
    {
        using var run = machine.StartRun();
        run.Signal("KILL");
        // Its tests go on until they end by themselves.
        machine.Release();
        run.Wait().ExitCode.Should().Be(137);
        machine.Write("containers/0123456789abcdef", "security.specs/run=killed00\nsecurity.specs/owner=1-0");

        var next = machine.Specs("run");

        next.ExitCode.Should().Be(0, next.Errors);
        next.Output.Should().Contain($"results: {machine.At("repository/TestResults")}\n");
        next.Errors.Should().Contain("Removed container 0123456789ab of run killed00");
    }

    [Test]
    public void Two_runs_at_once_write_their_results_apart()
    {
        using var first = machine.StartRun();
        using var second = machine.StartRun();
        machine.Release();

        var outcomes = new[] { first.Wait(), second.Wait() };

        outcomes.Should().OnlyContain(outcome => outcome.ExitCode == 0);
        outcomes.Select(ResultsOf).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void An_engine_that_was_started_is_stopped_by_the_last_user()
    {
        NeedToStartEngines();
        using var first = machine.StartRun();
        using var second = machine.StartRun();
        File.Exists(machine.At("engine")).Should().BeTrue();

        first.Signal("TERM");
        first.Wait().ExitCode.Should().Be(130);
        File.Exists(machine.At("engine")).Should().BeTrue("the second run still uses it");
        machine.Release();
        second.Wait().ExitCode.Should().Be(0);

        File.Exists(machine.At("engine")).Should().BeFalse();
        machine.Calls.Should().ContainSingle(call => call == "dockerd");
    }

    [Test]
    public void An_engine_that_was_started_stays_for_a_cluster_that_is_kept()
    {
        NeedToStartEngines();
        machine.Write("containers/0123456789abcdef", $"security.specs/kept=recipe\nsecurity.specs/owner=1-0\nsecurity.specs/home={machine.At("cache/securityspecs")}");
        machine.Specs("run", "--keep").ExitCode.Should().Be(0);
        File.Exists(machine.At("engine")).Should().BeTrue();

        machine.Specs("clean").Output.Should().Be("Removed 1 kept container(s)\n");

        File.Exists(machine.At("engine")).Should().BeFalse();
    }

    [Test]
    public void An_engine_that_was_there_before_stays()
    {
        machine.Specs("run").ExitCode.Should().Be(0);

        File.Exists(machine.At("engine")).Should().BeTrue();
        machine.Calls.Should().NotContain("dockerd");
    }

    [Test]
    public void Who_may_not_start_an_engine_is_told_what_to_do()
    {
        File.Delete(machine.At("engine"));

        var outcome = machine.SpecsAsNobody("run");

        outcome.ExitCode.Should().Be(2);
        machine.Calls.Should().NotContain(call => call.Contains("steps", StringComparison.Ordinal));
        // The second where the machine that runs these tests has an engine of its own.
        outcome.Errors.Should().MatchRegex("specs: (no container engine [^\n]*(apt-get install docker.io|docs.docker.com)[^\n]*--cluster KUBECONFIG|this user may not use the container engine: [^\n]+)\n\\z");
    }

    private static string ResultsOf(Outcome outcome) => outcome.Output.Split('\n').Single(line => line.StartsWith("results: ", StringComparison.Ordinal));

    private void NeedToStartEngines()
    {
        Need.Root();
        Need.NoSystemd();
        File.Delete(machine.At("engine"));
    }

    private (string Id, string Process) TestProcess()
    {
        var file = Directory.GetFiles(machine.At(""), "test-*").Single();
        return (Path.GetFileName(file)["test-".Length..], File.ReadAllText(file).Trim());
    }
}
