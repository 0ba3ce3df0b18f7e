using SecuritySpecs.Kube.Files;
using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.Reports;
using SecuritySpecs.Tool.Mutate;
using SecuritySpecs.Tool.OwnControls;

namespace Specs.Tests;

/// <summary>A platform's own controls as the command takes them.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ControlsTests : IDisposable
{
    private static readonly string Root = Repository.Root;
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Test]
    public void Init_writes_a_mapping_that_run_takes_as_it_is()
    {
        var outcome = machine.Specs("controls", "init", machine.At("mine"));
        machine.Write("images", "specs-fleet:1\nfake/k3s:1");
        var run = machine.Specs("run", "--controls", machine.At("mine"));

        outcome.ExitCode.Should().Be(0, outcome.Errors);
        outcome.Output.Should().Contain($"run: support/specs run --controls {machine.At("mine")}");
        run.ExitCode.Should().Be(0, run.Errors);
        machine.Specs("controls", "init", machine.At("mine")).ExitCode.Should().Be(2, "the folder is no longer empty");
    }

    [Test]
    public void A_file_that_is_wrong_is_told_before_a_cluster_is_started()
    {
        machine.Specs("controls", "init", machine.At("mine"));
        machine.Write("mine/controls.yaml", File.ReadAllText(machine.At("mine/controls.yaml")).Replace("\n  egress: not provided", "\n  egress: egress.yaml", StringComparison.Ordinal));
        machine.Write("mine/egress.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: egress, namespace: \"${SPACE}\"}\n");
        machine.ForgetCalls();

        var outcome = machine.Specs("run", "--controls", machine.At("mine"));

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Be("specs: mine/egress.yaml:3: ${SPACE} is no placeholder of fleet-fixtures/controls/egress.yaml; known are NAMESPACE\n");
        machine.Calls.Should().NotContain(call => call.StartsWith("docker", StringComparison.Ordinal) || call.StartsWith("dotnet test", StringComparison.Ordinal));
    }

    [Test]
    public void The_mapping_says_of_each_control_what_is_expected_and_how_to_do_without()
    {
        var text = ControlsCommand.Mapping(Root);

        foreach (var reference in ReferenceControl.All(Path.Combine(Root, "fleet-fixtures")))
            text.Should().Contain($"\n  # --- fleet-fixtures/{reference.File}\n  # {reference.Header[0]}\n").And.Contain($"\n  {reference.Name}: {ControlSet.NotProvided}\n");
        text.Should().MatchRegex(@"# Objects: ResourceQuota gpu-quota\n  # It must have \$\{GPUS\}, \$\{NAMESPACE\}\.\n  #\n  # [^\n]+ \[gpu-quota\]\n  # Without it: [^\n]+\n  # - A pod within the quota runs on a GPU node and sees its GPU  \(features/20-rbac-and-quotas/gpu-quota\.feature:\d+\)\n")
            .And.MatchRegex(@"# [^\n]+ \[cloud-credentials\]\n(  # - [^\n]+\n|  # Without it[^\n]+\n)+  egress: not provided", "a file of two controls says what both expect");
    }

    // So that no row is without anything that a reader could go by.
    [Test]
    public void Every_control_but_the_list_of_owners_has_scenarios_that_say_what_they_expect()
    {
        var (fixtures, loads) = (Path.Combine(Root, "fleet-fixtures"), LoadMap.Read(Root));
        var scenarios = new Scenarios(FeatureIndex.Read(Root), loads, FixtureFile.Read(fixtures), Killers.Read(Root));

        ReferenceControl.All(fixtures).Where(r => !scenarios.IsOnceForARun(r.File) && !FeatureIndex.Read(Root).All.Any(p => scenarios.ControlsOf(r.File).Contains(Scenarios.ControlOf(p)) && loads.Loads(p, r.File)))
            .Select(r => r.Name).Should().Equal("rights-owners");
    }
}
