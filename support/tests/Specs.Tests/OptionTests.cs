namespace Specs.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OptionTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [TestCase("'--bogus'", "run", "--bogus")]
    [TestCase("'--bogus=1'", "test", "--bogus=1")]
    [TestCase("'-x'", "doctor", "-x")]
    [TestCase("'gpu-quota'", "run", "gpu-quota")]
    [TestCase("'prove'", "prove")]
    [TestCase("command was not provided")]
    [TestCase("argument missing for option: '--filter'", "run", "--filter")]
    [TestCase("--filter needs a value", "run", "--filter", "--keep")]
    [TestCase("argument missing for option: '--cluster'", "run", "--cluster=")]
    [TestCase("'yes'", "run", "--keep=yes")]
    [TestCase("'--keep'", "test", "--keep")]
    [TestCase("--runs wants a number", "bench", "--runs", "many")]
    [TestCase("there is no file /nowhere/config", "run", "--cluster", "/nowhere/config")]
    [TestCase("/ is not a file", "run", "--cluster", "/#context")]
    [TestCase("there is no folder /nowhere", "run", "--kubernetes-dir", "/nowhere")]
    [TestCase("exclude each other", "run", "--kubernetes-dir", "/", "--k3s-image", "k3s")]
    [TestCase("not for --cluster KUBECONFIG", "run", "--cluster", "/etc/passwd", "--keep")]
    public void Wrong_usage_is_one_line_and_exit_code_2_before_anything_but_the_tool_is_built(string message, params string[] arguments)
    {
        var outcome = machine.Specs(arguments);

        outcome.ExitCode.Should().Be(2);
        outcome.Output.Should().BeEmpty();
        outcome.Errors.Should().Contain(message).And.MatchRegex(@"\A((Restoring|Building|  )[^\n]*\n)*specs: [^\n]+\n\z");
        machine.Calls.Where(call => !call.Contains("Tool", StringComparison.Ordinal)).Should().OnlyContain(call => call == "dotnet --version" || call.StartsWith("dotnet restore", StringComparison.Ordinal));
    }

    [Test]
    public void A_kubeconfig_that_may_not_be_read_is_named()
    {
        var path = machine.Write("kubeconfig", "apiVersion: v1");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);

        var outcome = machine.SpecsAsNobody("run", "--cluster", path);

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().EndWith($"\nspecs: --cluster: the file {path} cannot be read by this user\n");
    }

    [TestCase("run test steps doctor clean bench", "--help")]
    [TestCase("--cluster --k3s-image --kubernetes-dir --fleet-image --prometheus-image --filter --require --keep", "run", "--help")]
    [TestCase("--cluster --cache", "clean", "-h")]
    [TestCase("--runs", "bench", "--help")]
    public void Help_lists_commands_and_the_options_of_each(string understood, params string[] arguments)
    {
        var help = machine.Specs(arguments);

        help.ExitCode.Should().Be(0);
        help.Output.Should().ContainAll(understood.Split(' '));
    }

    [Test]
    public void Options_reach_the_test_process()
    {
        machine.Specs("run", "--filter=TestCategory=gpu-quota", "--require", "gpu");

        machine.Calls.Should().ContainSingle(call => call.StartsWith("dotnet test", StringComparison.Ordinal)).Which.Should().EndWith("--filter TestCategory=gpu-quota");
    }
}
