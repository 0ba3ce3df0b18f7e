using System.Text.RegularExpressions;
using FluentAssertions;
using NUnit.Framework;

namespace Specs.Tests;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed partial class OptionTests : IDisposable
{
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [TestCase("unknown option --bogus", "run", "--bogus")]
    [TestCase("unknown option --bogus", "test", "--bogus=1")]
    [TestCase("unknown option -x", "doctor", "-x")]
    [TestCase("unexpected argument 'gpu-quota'", "run", "gpu-quota")]
    [TestCase("unknown command 'prove'", "prove")]
    [TestCase("--filter needs a value", "run", "--filter")]
    [TestCase("--filter needs a value", "run", "--filter", "--keep")]
    [TestCase("--cluster needs a value", "run", "--cluster=")]
    [TestCase("--keep takes no value", "run", "--keep=yes")]
    [TestCase("'specs test' has no option --keep", "test", "--keep")]
    [TestCase("--runs wants a number", "bench", "--runs", "many")]
    [TestCase("there is no file /nowhere/config", "run", "--cluster", "/nowhere/config")]
    [TestCase("/ is not a file", "run", "--cluster", "/#context")]
    [TestCase("there is no folder /nowhere", "run", "--kubernetes-dir", "/nowhere")]
    [TestCase("exclude each other", "run", "--kubernetes-dir", "/", "--k3s-image", "k3s")]
    public void Wrong_usage_is_one_line_and_exit_code_2_before_anything_is_prepared(string message, params string[] arguments)
    {
        var outcome = machine.Specs(arguments);

        outcome.ExitCode.Should().Be(2);
        outcome.Output.Should().BeEmpty();
        outcome.Errors.Should().Contain(message).And.MatchRegex(@"\Aspecs: [^\n]+\n\z");
        machine.Calls.Should().BeEmpty();
    }

    [Test]
    public void A_kubeconfig_that_may_not_be_read_is_named()
    {
        var path = machine.Write("kubeconfig", "apiVersion: v1");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);

        var outcome = machine.SpecsAsNobody("run", "--cluster", path);

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Be($"specs: --cluster: the file {path} cannot be read by this user\n");
    }

    [TestCase("--help")]
    [TestCase("run", "--help")]
    public void Help_lists_every_option_and_command_that_is_understood(params string[] arguments)
    {
        var help = machine.Specs(arguments);

        var understood = AcceptedOption().Matches(File.ReadAllText(Repository.At("support", "specs"))).Select(match => match.Groups[1].Value).ToHashSet();
        understood.Should().Contain("--filter").And.Contain("--keep");
        help.ExitCode.Should().Be(0);
        help.Output.Should().ContainAll(understood).And.ContainAll("specs run", "specs test", "specs doctor", "specs clean", "specs bench");
    }

    [Test]
    public void Options_reach_the_test_process()
    {
        machine.Specs("run", "--filter=TestCategory=gpu-quota", "--require", "dra");

        machine.Calls.Should().ContainSingle(call => call.StartsWith("dotnet test", StringComparison.Ordinal)).Which.Should().EndWith("--filter TestCategory=gpu-quota");
    }

    // An arm of a `case`, as in `run:--filter | ...` or `--filter) ...`.
    [GeneratedRegex(@"(?:[a-z]+:|^ *)(--[a-z][a-z0-9-]+)(?=\)| \|)", RegexOptions.Multiline)]
    private static partial Regex AcceptedOption();
}
