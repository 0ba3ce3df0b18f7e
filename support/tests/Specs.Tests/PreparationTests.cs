using FluentAssertions;
using NUnit.Framework;

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
        Preparations().Should().Equal("dotnet restore", "dotnet build", "dotnet build", "docker pull", "offline-cluster", "fleet-image", "prometheus-image");

        machine.ForgetCalls();
        var second = machine.Specs("run");

        second.ExitCode.Should().Be(0);
        second.Errors.Should().BeEmpty();
        // The builders answer from their caches: they are asked, not told to build.
        Preparations().Should().Equal("offline-cluster", "fleet-image", "prometheus-image");
    }

    [Test]
    public void An_edited_feature_rebuilds_only_the_scenarios()
    {
        machine.Specs("run");
        machine.ForgetCalls();
        machine.Write("repository/features/sample.feature", "Feature: edited");

        machine.Specs("run");

        machine.Calls.Should().ContainSingle(call => call.StartsWith("dotnet build", StringComparison.Ordinal)).Which.Should().Contain("steps/SecuritySpecs.csproj");
        machine.Calls.Should().NotContain(call => call.StartsWith("dotnet restore", StringComparison.Ordinal));
    }

    [Test]
    public void The_pinned_k3s_is_used_where_it_is_there()
    {
        var pinned = File.ReadAllText(Repository.At("support", "k3s-image")).Trim();
        machine.Write("images", pinned);

        machine.Specs("run").Output.Should().Contain($"image: {pinned}\n");

        machine.Calls.Should().NotContain(call => call.StartsWith("offline-cluster", StringComparison.Ordinal));
    }

    [Test]
    public void Own_binaries_of_Kubernetes_go_to_the_offline_cluster()
    {
        var folder = Path.GetDirectoryName(machine.Write("kubernetes/kubelet"))!;

        machine.Specs("run", "--kubernetes-dir", folder).Output.Should().Contain("image: securityspecs/offline:fake");

        machine.Calls.Should().Contain($"offline-cluster --kubernetes-dir {folder}");
        machine.Calls.Should().NotContain(call => call.StartsWith("docker pull", StringComparison.Ordinal));
    }

    [TestCase("--k3s-image")]
    [TestCase("--fleet-image")]
    [TestCase("--prometheus-image")]
    public void A_named_image_that_is_not_to_be_had_is_told(string option)
    {
        var outcome = machine.Specs("run", option, "example/image:1");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().EndWith("specs: the image example/image:1 is not here and cannot be pulled\n");
    }

    [Test]
    public void A_Prometheus_that_is_named_is_not_built()
    {
        machine.Write("images", "example/prometheus:1");

        machine.Specs("run", "--prometheus-image", "example/prometheus:1").Errors.Should().NotContain("specs:");

        machine.Calls.Should().ContainSingle(call => call.StartsWith("docker save", StringComparison.Ordinal)).Which.Should().EndWith("example/prometheus:1");
        machine.Calls.Should().NotContain(call => call.StartsWith("prometheus-image", StringComparison.Ordinal));
    }

    [Test]
    public void A_feed_without_Reqnroll_NUnit_is_answered_by_the_local_one()
    {
        machine["FAKE_FEED_LACKS"] = "Reqnroll.NUnit";

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(0, outcome.Errors);
        outcome.Errors.Should().Contain("This feed lacks Reqnroll.NUnit: support/reqnroll-nunit takes its place");
        File.Exists(machine.At("repository/.local-reqnroll-nunit")).Should().BeTrue();
    }

    [Test]
    public void A_feed_without_another_package_is_an_error()
    {
        machine["FAKE_FEED_LACKS"] = "NUnit";

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain("error NU1101: Unable to find package NUnit").And.Contain("specs: the packages cannot be restored: the reason is above");
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
        outcome.Errors.Should().Contain("specs: the filter 'TestCategory=gpu' matches no scenario\n");
    }

    [TestCase(0, 0, 0)]
    [TestCase(1, 1, 1)]
    [TestCase(1, 2, 2)]
    [TestCase(1, 3, 3)]
    [TestCase(134, 0, 2, Description = "A crash after the last scenario is no pass.")]
    public void The_summary_decides_the_exit_code_and_its_sum_is_the_last_line(int testCode, int summaryCode, int expected)
    {
        machine["FAKE_TEST_CODE"] = $"{testCode}";
        machine["FAKE_SUMMARY_CODE"] = $"{summaryCode}";

        var outcome = machine.Specs("run");

        outcome.ExitCode.Should().Be(expected);
        outcome.LastLine.Should().Be("3 passed, 0 failed, 1 skipped");
    }

    // The calls that prepare something, by program and first word.
    private IEnumerable<string> Preparations() => machine.Calls
        .Select(call => call.StartsWith("dotnet", StringComparison.Ordinal) || call.StartsWith("docker", StringComparison.Ordinal) ? string.Join(' ', call.Split(' ').Take(2)) : call.Split(' ')[0])
        .Where(call => call is "dotnet restore" or "dotnet build" or "docker pull" or "offline-cluster" or "fleet-image" or "prometheus-image");
}
