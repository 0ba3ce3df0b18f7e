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
    [TestCase("there is no feature file or folder features/none.feature", "run", "features/none.feature:3")]
    [TestCase("line 1 is in no scenario; scenarios are in lines ", "run", "features/20-rbac-and-quotas/gpu-quota.feature:1")]
    [TestCase("which has no lines", "run", "features/20-rbac-and-quotas:1")]
    [TestCase("write one line number after the colon", "run", "features/20-rbac-and-quotas/gpu-quota.feature:here")]
    [TestCase("support holds no scenario; those are in features/", "run", "support")]
    [TestCase("--name 'no such title': no scenario has that in its title", "run", "--name", "no such title")]
    [TestCase("no scenario there has that in its title", "run", "features/30-network-boundaries", "--name", "quota is missing altogether")]
    [TestCase("--filter excludes --name and FILE:LINE", "run", "--filter", "Name~quota", "--name", "quota")]
    [TestCase("--filter '(Name~quota': Missing ')'. Write PROPERTY=VALUE", "run", "--filter", "(Name~quota")]
    [TestCase("'FILE:LINE'", "doctor", "FILE:LINE")]
    [TestCase("'prove'", "prove")]
    [TestCase("command was not provided")]
    [TestCase("argument missing for option: '--filter'", "run", "--filter")]
    [TestCase("--filter needs a value", "run", "--filter", "--keep")]
    [TestCase("argument missing for option: '--cluster'", "run", "--cluster=")]
    [TestCase("'yes'", "run", "--keep=yes")]
    [TestCase("'--keep'", "test", "--keep")]
    [TestCase("--runs wants a number", "bench", "--runs", "many")]
    [TestCase("--runs wants a number from 1", "hunt", "--runs", "0")]
    [TestCase("--seed wants a number from 0", "hunt", "--seed", "-1")]
    [TestCase("--load wants a number from 0", "hunt", "--load", "much")]
    [TestCase("'gpu-quota'", "hunt", "gpu-quota")]
    [TestCase("there is no file /nowhere/config", "run", "--cluster", "/nowhere/config")]
    [TestCase("/ is not a file", "run", "--cluster", "/#context")]
    [TestCase("there is no folder /nowhere", "run", "--kubernetes-dir", "/nowhere")]
    [TestCase("exclude each other", "run", "--kubernetes-dir", "/", "--k3s-image", "k3s")]
    [TestCase("not for --cluster KUBECONFIG", "run", "--cluster", "/etc/passwd", "--keep")]
    [TestCase("there is no drill \"quota-delete\"; the nearest are quota-deleted", "drill", "quota-delete")]
    [TestCase("--check asks the drill that is open", "drill", "quota-deleted", "--check")]
    [TestCase("--break-only wants the name of a drill", "drill", "--break-only")]
    [TestCase("no drill is open", "drill", "--check")]
    [TestCase("audit wants --cluster KUBECONFIG[#CONTEXT]", "audit")]
    [TestCase("--registries needs a value", "audit", "--registries", "--tenants")]
    [TestCase("there is no format 'xml'; there are: html, markdown", "report", "--formats", "xml")]
    [TestCase("/nowhere/posture.json", "report", "--from", "/nowhere/posture.json")]
    [TestCase("/etc/hostname:1: no posture: ", "diff", "/etc/hostname", "/etc/hostname")]
    [TestCase("'A.json B.json' missing", "diff", "a.json")]
    [TestCase("--controls: there is no folder /nowhere", "run", "--controls", "/nowhere")]
    [TestCase("etc/controls.yaml: there is no such file: `support/specs controls init DIR` writes one", "run", "--controls", "/etc")]
    [TestCase("--profile nowhere: there is no such profile; there are: course", "run", "--profile", "nowhere")]
    [TestCase("/etc is there and not an empty folder: name one that is not there yet", "controls", "init", "/etc")]
    [TestCase("/etc/hostname is there and not an empty folder", "controls", "init", "/etc/hostname")]
    [TestCase("command was not provided", "controls")]
    [TestCase("'--controls'", "mutate", "--controls", "/etc")]
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

    [TestCase("run hunt test steps doctor clean bench report diff audit controls", "--help")]
    [TestCase("--cluster --k3s-image --kubernetes-dir --fleet-image --prometheus-image --filter --require --keep", "run", "--help")]
    [TestCase("--cluster --cache --dry-run", "clean", "-h")]
    [TestCase("--runs", "bench", "--help")]
    [TestCase("--runs --seed --load --cluster --name --filter --keep", "hunt", "--help")]
    public void Help_lists_commands_and_the_options_of_each(string understood, params string[] arguments)
    {
        var help = machine.Specs(arguments);

        help.ExitCode.Should().Be(0);
        help.Output.Should().ContainAll(understood.Split(' '));
    }

    [TestCase("features/20-rbac-and-quotas/gpu-quota.feature:24", "TestCategory=control:gpu-quota", "features/20-rbac-and-quotas/gpu-quota.feature:24")]
    [TestCase("features/20-rbac-and-quotas/gpu-quota.feature:26", "TestCategory=control:gpu-quota", "features/20-rbac-and-quotas/gpu-quota.feature:24")]
    public void A_scenario_is_chosen_by_any_line_of_it(string place, string filter, string only)
    {
        machine.Specs("run", place);

        machine.Calls.Should().ContainSingle(call => call.StartsWith("dotnet test", StringComparison.Ordinal)).Which.Should().EndWith($"--filter {filter}");
        machine.Calls.Should().Contain($"only {only}", "of the control's other scenarios the test process is told nothing").And.Contain($"asked {place}");
    }

    [TestCase("name:WITHIN THE QUOTA RUNS")]
    [TestCase("features/20-rbac-and-quotas/gpu-quota.feature")]
    [TestCase("features/20-rbac-and-quotas")]
    public void Scenarios_are_chosen_by_title_file_or_folder(string what)
    {
        string[] arguments = what.StartsWith("name:", StringComparison.Ordinal) ? ["--name", what[5..]] : [what];

        machine.Specs(["run", .. arguments]);

        machine.Calls.Should().Contain("only features/20-rbac-and-quotas/gpu-quota.feature:24");
        machine.Calls.Where(call => call.StartsWith("only ", StringComparison.Ordinal)).Should().OnlyContain(call => call.Contains("/20-rbac-and-quotas/", StringComparison.Ordinal));
    }

    [Test]
    public void Options_reach_the_test_process()
    {
        machine.Specs("run", "--filter=TestCategory=gpu-quota", "--require", "gpu");

        machine.Calls.Should().ContainSingle(call => call.StartsWith("dotnet test", StringComparison.Ordinal)).Which.Should().EndWith("--filter TestCategory=gpu-quota");
    }
}
