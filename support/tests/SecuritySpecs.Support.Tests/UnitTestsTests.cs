namespace SecuritySpecs.Support.Tests;

[TestFixture]
public sealed class UnitTestsTests
{
    private string _file = null!;

    [SetUp]
    public void WriteResults()
    {
        _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "Fleet.Tests.trx");
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        File.WriteAllText(_file, """
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
              <Results>
                <UnitTestResult testName="A_GPU_is_listed" outcome="Passed" />
                <UnitTestResult testName="A_GPU_is_given&lt;Gpu&gt;" outcome="Failed"><Output><ErrorInfo><Message>Expected 8,
            but found 7.</Message></ErrorInfo></Output></UnitTestResult>
                <UnitTestResult testName="It_hangs" outcome="Timeout" />
                <UnitTestResult testName="It_needs_an_engine" outcome="NotExecuted"><Output><ErrorInfo><Message>no engine</Message></ErrorInfo></Output></UnitTestResult>
              </Results>
              <ResultSummary outcome="Failed"><Counters total="4" executed="3" passed="1" failed="1" timeout="1" notExecuted="0" /></ResultSummary>
            </TestRun>
            """);
    }

    [TearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Test]
    public void All_are_counted_and_what_did_not_pass_is_told_with_its_message()
    {
        var tests = UnitTests.Read(_file);
        var told = new StringWriter { NewLine = "\n" };
        tests.WriteFailures(told);

        (tests.Passed, tests.Failures.Count).Should().Be((1, 2));
        tests.Skipped.Should().Equal(new UnitTestFailure("It_needs_an_engine", "no engine"));
        told.ToString().Should().Be("""

            Failed in Fleet.Tests: A_GPU_is_given<Gpu>
                Expected 8,
                but found 7.

            Failed in Fleet.Tests: It_hangs
                its outcome is Timeout

            """);
    }

    [Test]
    public void Of_a_long_message_the_beginning_and_the_end_are_told()
    {
        var message = string.Join('\n', Enumerable.Range(1, 66).Select(n => $"line {n}."));
        var told = new StringWriter { NewLine = "\n" };
        new UnitTests("Fleet.Tests", 0, [new("It_is_long", message)], []).WriteFailures(told);

        told.ToString().Should().Contain("line 30.\n    [6 lines left out]\n    line 37.").And.Contain("line 1.").And.EndWith("line 66.\n");
    }
}
