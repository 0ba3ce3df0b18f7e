using SecuritySpecs.Evidence;
using SecuritySpecs.Reports;

namespace Specs.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReportTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Test]
    public void A_report_is_written_beside_the_posture_and_added_to_the_summary_of_the_job()
    {
        machine.WritePosture(passed: 3, failed: 1);
        machine["GITHUB_STEP_SUMMARY"] = machine.Write("summary.md", "before\n");

        var outcome = machine.Specs("report", "--from", machine.At("posture.json"), "--formats", "junit,markdown");

        outcome.ExitCode.Should().Be(0);
        outcome.Output.Should().Be($"{machine.At("posture.junit.xml")}  CI servers\n{machine.At("posture.md")}  a pull request or the summary of a job\n");
        File.ReadAllText(machine.At("posture.junit.xml")).Should().Contain("tests=\"4\" failures=\"1\"");
        File.ReadAllText(machine.At("summary.md")).Should().StartWith("before\n## Security posture").And.Contain("### Scenario 4\n");
        File.Exists(machine.At("posture.sarif")).Should().BeFalse("nobody asked for it");
    }

    // By the limit of the collector itself: with more than that the command would end.
    [Test]
    public void Five_thousand_scenarios_are_in_every_format_within_5_seconds_and_300_MiB()
    {
        machine.WritePosture(passed: 5_000);
        var posture = Posture.FromJson(File.ReadAllText(machine.At("posture.json")));
        var evidence = Enumerable.Range(0, 2).Select(n => new EvidenceEntry("tenant \"blue\"", "POST", "/api/v1/namespaces/specs-5f1d0c77-blue/pods", 403, "Forbidden",
            $"pods \"gpu-{n}\" is forbidden: exceeded quota: gpu-quota, requested: requests.nvidia.com/gpu=1, used: requests.nvidia.com/gpu=2, limited: requests.nvidia.com/gpu=2", DateTimeOffset.UnixEpoch, 3)).ToList();
        var steps = Enumerable.Range(0, 8).Select(n => new StepResult("Then", $"the pod {n} is refused by the GPU quota", ResultStatus.Passed, 1, evidence)).ToList();
        File.WriteAllText(machine.At("posture.json"), (posture with { Scenarios = [.. posture.Scenarios.Select(s => s with { Steps = steps })] }).ToJson());
        machine["DOTNET_GCHeapHardLimit"] = "12C00000";
        var clock = Stopwatch.StartNew();

        var outcome = machine.Specs("report", "--from", machine.At("posture.json"));

        outcome.ExitCode.Should().Be(0, outcome.Errors);
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(5));
        new FileInfo(machine.At("posture.html")).Length.Should().BeLessThan(20 * 1024 * 1024);
    }

    [Test]
    public void A_posture_of_another_version_is_none_of_ours()
    {
        var file = machine.Write("posture.json", """{"schemaVersion":2}""");

        var outcome = machine.Specs("report", "--from", file);

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().EndWith($"specs: {file}: its schemaVersion is 2, this version of specs reads 3\n");
    }

    [TestCase(3, 0, 0, "0 worse, 1 better, 0 other\n")]
    [TestCase(2, 2, 1, "Worse:\n  features/a.feature: Scenario 3: passed -> failed\n  features/a.feature: Scenario 4: absent -> failed\n\n2 worse, 0 better, 0 other\n")]
    public void What_is_worse_after_than_before_is_told_and_is_exit_code_1(int passed, int failed, int code, string told)
    {
        machine.WritePosture(passed: code == 0 ? 2 : 3, failed: code == 0 ? 1 : 0);
        File.Move(machine.At("posture.json"), machine.At("before.json"));
        machine.WritePosture(passed, failed);

        var outcome = machine.Specs("diff", machine.At("before.json"), machine.At("posture.json"));

        outcome.ExitCode.Should().Be(code);
        outcome.Output.Should().EndWith(told);
    }
}
