namespace Specs.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PreparationTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Test]
    public void A_first_run_prepares_everything_and_a_second_one_nothing()
    {
        var first = machine.Specs("run");
        first.ExitCode.Should().Be(0, first.Errors);
        Preparations().Should().Equal("dotnet restore", "dotnet build", "dotnet build");

        machine.ForgetCalls();
        var second = machine.Specs("run");

        second.ExitCode.Should().Be(0);
        second.Errors.Should().BeEmpty();
        Preparations().Should().BeEmpty();
    }

    [Test]
    public void An_edited_feature_rebuilds_only_the_scenarios()
    {
        machine.Specs("run");
        machine.ForgetCalls();
        File.AppendAllText(Directory.GetFiles(machine.At("repository/features"), "*.feature", SearchOption.AllDirectories)[0], "\n# edited\n");

        machine.Specs("run");

        machine.Calls.Should().ContainSingle(call => call.StartsWith("dotnet build", StringComparison.Ordinal)).Which.Should().Contain("steps/SecuritySpecs.csproj");
        machine.Calls.Should().NotContain(call => call.StartsWith("dotnet restore", StringComparison.Ordinal));
    }

    [TestCase("--k3s-image")]
    [TestCase("--fleet-image")]
    [TestCase("--prometheus-image")]
    public void A_named_image_that_is_not_to_be_had_is_told(string option)
    {
        var outcome = machine.Specs("run", option, "example/image:1");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain("\nspecs: the image example/image:1 is not here and cannot be pulled: ");
    }

    [TestCase("Reqnroll.NUnit. No packages exist with this id", "NU1101")]
    [TestCase("Reqnroll.NUnit with version (>= 3.3.4)", "NU1102")]
    [TestCase("Reqnroll.Tools.MsBuild.Generation. No packages exist with this id", "NU1101")]
    public void A_feed_without_Reqnroll_NUnit_is_answered_by_the_local_one(string missing, string code)
    {
        machine["FAKE_RESTORE_ERROR"] = $"/x/steps/SecuritySpecs.csproj : error {code}: Unable to find package {missing} [/x/SecuritySpecs.sln]\n";

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(0, outcome.Errors);
        outcome.Errors.Should().Contain("This feed lacks Reqnroll.NUnit: support/reqnroll-nunit takes its place");
        File.Exists(machine.At("repository/.local-reqnroll-nunit")).Should().BeTrue();
    }

    [TestCase("x.csproj : error NU1101: Unable to find package NUnit. No packages exist\n", "error NU1101: Unable to find package NUnit")]
    [TestCase("x.csproj : error NU1101: Unable to find package Reqnroll.NUnit. No\nx.csproj : error NU1101: Unable to find package Reqnroll.NUnitX. No\n", "Reqnroll.NUnitX")]
    [TestCase("x.csproj : error NU1101: Unable to find package Reqnroll.NUnit. No\nx.csproj : error NU1301: Unable to load the service index\n", "NU1301")]
    [TestCase("error: the configuration file is no XML\n", "error: the configuration file is no XML")]
    [TestCase("Out of memory.\n", "Out of memory.")]
    [TestCase("", "dotnet restore ended with exit code 137 and without a word")]
    public void A_restore_that_fails_for_any_other_reason_says_so(string says, string told)
    {
        machine["FAKE_RESTORE_ERROR"] = says;
        machine["FAKE_RESTORE_CODE"] = "137";

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain(told).And.MatchRegex("\nspecs: the packages cannot be restored: [^\n]+\n\\z");
        File.Exists(machine.At("repository/.local-reqnroll-nunit")).Should().BeFalse();
    }

    [Test]
    public void Of_a_feature_that_cannot_be_parsed_the_first_error_is_shown_with_file_and_line()
    {
        var feature = machine.At("repository/features/sample.feature");
        machine["FAKE_BUILD_ERRORS"] = $"{feature}(4,1): error : expected a step [x.csproj]\n{feature}(9,1): error : expected a step [x.csproj]\nsteps/A.cs(1,1): error CS1002: ; expected [x.csproj]";

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().EndWith("features/sample.feature(4,1): error : expected a step\nspecs: nothing was run: correct the feature named above\n")
            .And.NotContain("(9,1)").And.NotContain("CS1002");
    }

    [Test]
    public void A_filter_that_matches_nothing_is_told()
    {
        machine["FAKE_TEST_OUTPUT"] = "No test matches the given testcase filter `TestCategory=gpu` in SecuritySpecs.dll";

        var outcome = machine.Specs("run", "--filter", "TestCategory=gpu");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain("specs: --filter TestCategory=gpu matches no scenario\n");
    }

    [TestCase(0, 0, "null", true, 0)]
    [TestCase(1, 1, "null", true, 1)]
    [TestCase(1, 3, "\"no cluster\"", true, 2)]
    [TestCase(0, 0, "null", false, 3)]
    [TestCase(134, 0, "null", true, 2, Description = "A crash after the last scenario is no pass.")]
    public void The_results_decide_the_exit_code_and_the_sum_is_the_last_line(int testCode, int failed, string error, bool hasRequired, int expected)
    {
        machine["FAKE_TEST_CODE"] = $"{testCode}";
        machine.WritePosture(3, failed, error, hasRequired);

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(expected);
        outcome.LastLine.Should().Be($"3 passed, {failed} failed, 1 skipped");
    }

    [Test]
    public void A_run_without_results_is_no_pass()
    {
        machine.Write("posture.json");

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain("specs: the run left no results");
    }

    [Test]
    public void All_tests_are_run_and_what_was_skipped_is_told_with_its_reason()
    {
        machine.Write("repository/support/tests/Some.Tests/Some.Tests.csproj");
        machine.Write("some.trx", """
            <TestRun><Results>
              <UnitTestResult testName="It_works" outcome="Passed" />
              <UnitTestResult testName="It_needs_root" outcome="NotExecuted"><Output><ErrorInfo><Message>Needs
            root.</Message></ErrorInfo></Output></UnitTestResult>
            </Results></TestRun>
            """);

        var outcome = machine.Specs("test");

        outcome.ExitCode.Should().Be(0, outcome.Errors);
        outcome.Output.Should().Contain("== Some.Tests\nPassed!").And.Contain("== scenarios\nresults: ").And.Contain("Skipped:\n  It_needs_root: Needs root.\n");
        outcome.LastLine.Should().Be("4 passed, 0 failed, 2 skipped");
    }

    // What is restored and built.
    private IEnumerable<string> Preparations() => machine.Calls.Select(call => string.Join(' ', call.Split(' ').Take(2))).Where(call => call is "dotnet restore" or "dotnet build");
}
