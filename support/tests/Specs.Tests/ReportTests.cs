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
