using SecuritySpecs.Cluster;

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
    public void An_interrupted_run_tells_what_its_tests_have_found_out_and_that_it_is_partial()
    {
        machine.WritePartialPosture(passed: 2);
        using var run = machine.StartRun();

        run.Signal("INT");
        var outcome = run.Wait();

        outcome.ExitCode.Should().Be(130);
        outcome.Output.Should().Contain("Partial report: the run was interrupted.").And.Contain($"Report: {machine.At("repository/TestResults/posture.html")}\n");
        outcome.LastLine.Should().Be("2 passed, 0 failed, 1 skipped");
    }

    [Test]
    public void A_run_tells_of_the_cluster_that_is_kept_how_to_use_it_and_how_to_end_it()
    {
        var kubeconfig = Keep("0123456789abcdef");

        foreach (var option in (string[][])[["--keep"], []])
            machine.Specs(["run", .. option]).Output.Should().Contain($"KUBECONFIG={kubeconfig}\n'support/specs clean' ends it.\n");
        machine["SPECS_KEEP"] = "0";
        machine.Specs("run").Output.Should().NotContain("KUBECONFIG");
    }

    [Test]
    public void Doctor_and_a_dry_run_of_clean_tell_whose_things_there_are_and_remove_nothing()
    {
        var kubeconfig = Keep("0123456789abcdef");
        machine.Write("containers/1111111111111111", "security.specs/run=killed00\nsecurity.specs/owner=1-0");
        machine.Write("containers/2222222222222222", "security.specs/run=others00\nsecurity.specs/owner=1-0\nsecurity.specs/home=/home/other/.cache/securityspecs");
        machine.Write("containers/3333333333333333", $"security.specs/run=started0\nsecurity.specs/owner={ContainerLabels.ThisProcess()}");

        machine.Specs("doctor").Output.Should().ContainAll("1 of runs that go on: started0", "1 of killed runs: killed00", $"1 of a cluster that this user keeps (specs clean ends it): KUBECONFIG={kubeconfig}",
            "1 of clusters that other users keep", "this user's, of all checkouts", $"{machine.At("repository")}: ");
        machine.Specs("clean", "--dry-run", "--cache").Output.Should().Be($"""
            Would remove container 111111111111 of run killed00
            Would remove container 0123456789ab of a cluster that this user keeps
            Left 1 container(s) of runs that go on
            Left 1 container(s) of clusters that other users keep
            Would remove {machine.At("cache/securityspecs")} (this user's, of all checkouts)
            Would remove .local-reqnroll-nunit (this checkout's)

            """);
        Directory.GetFiles(machine.At("containers")).Should().HaveCount(4);
        File.Exists(kubeconfig).Should().BeTrue();

        machine.Specs("clean").Output.Should().Contain("Removed container 111111111111 of run killed00\nRemoved container 0123456789ab of a cluster");
        Directory.GetFiles(machine.At("containers")).Select(Path.GetFileName).Should().BeEquivalentTo("2222222222222222", "3333333333333333");
        machine.Specs("clean").Output.Should().EndWith("Nothing to remove.\n");
    }

    [Test]
    public void What_a_run_that_was_to_keep_its_cluster_has_left_half_started_goes_with_it()
    {
        machine.Write("containers/0123456789abcdef", $"security.specs/kept=recipe\nsecurity.specs/run=half0000\nsecurity.specs/owner=1-0\nsecurity.specs/home={machine.At("cache/securityspecs")}");

        machine.Specs("run").Errors.Should().Contain("Removed container 0123456789ab of run half0000");
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
        Keep("0123456789abcdef");
        machine.Specs("run", "--keep").ExitCode.Should().Be(0);
        File.Exists(machine.At("engine")).Should().BeTrue();

        machine.Specs("clean").Output.Should().Be("Removed container 0123456789ab of a cluster that this user keeps\n");

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

    [Test]
    public void Clean_leaves_a_kept_cluster_that_a_run_works_on()
    {
        using var api = new FakeLeases("busy0000");
        var kubeconfig = Keep("0123456789abcdef", api.Address);

        machine.Specs("clean").Output.Should().Be("Left container 0123456789ab of a cluster that this user keeps: run busy0000 works on it\nNothing to remove.\n");
        File.Exists(kubeconfig).Should().BeTrue();
        Directory.GetFiles(machine.At("containers")).Should().ContainSingle();
    }

    // A cluster that an earlier run has kept; returns the path of its kubeconfig.
    private string Keep(string id, string server = "https://127.0.0.1:1")
    {
        var recipe = KeptCluster.Recipe(RunOptions.FromEnvironment() with { K3sImage = "fake/k3s:1", FleetImage = "fake/fleet:1", PrometheusImage = "fake/prometheus:1" });
        machine.Write($"containers/{id}", $"security.specs/run=kept0000\nsecurity.specs/kept={recipe}\nsecurity.specs/owner=1-0\nsecurity.specs/home={machine.At("cache/securityspecs")}");
        return machine.Write($"cache/securityspecs/kept/{id}.kubeconfig", $$$"""
            apiVersion: v1
            kind: Config
            current-context: kept
            clusters: [{name: kept, cluster: {server: "{{{server}}}"}}]
            users: [{name: admin, user: {token: none}}]
            contexts: [{name: kept, context: {cluster: kept, user: admin}}]
            """);
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
