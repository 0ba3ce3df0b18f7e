using SecuritySpecs.Evidence;
using SecuritySpecs.Kube.Manifests;
using SecuritySpecs.Reports;
using SecuritySpecs.Tool.OwnControls;

namespace Specs.Tests;

/// <summary>Two foreign sets of controls (OwnControls/), each with weaknesses planted, that the real run must find; and no others.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OwnControlsTests : IDisposable
{
    private const string OnlyItsOwnClient = "With a network policy only the tenant's own client connects to its server";
    private const string OverTheQuota = "A pod over the quota is refused, and the refusal names the quota";
    private const string Passed = "passed";
    private readonly string folder = Directory.CreateTempSubdirectory("own-controls-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestCase("capsule", 4)]
    [TestCase("eks", 5)]
    public void A_foreign_set_is_taken_as_it_is(string set, int provided) => ReferenceControl.All(Repository.At("fleet-fixtures"))
        .Count(r => ControlSet.Read(Prepare(set), Repository.At("fleet-fixtures")).Find(r.File) is not null).Should().Be(provided);

    [Test]
    public void The_run_finds_what_is_planted_in_a_tenant_of_Capsule() => Judge("capsule", new()
    {
        ["No tenant may create a namespace"] = Passed,
        [OverTheQuota] = "capsule/oil-production.yaml: ResourceQuota capsule-oil-0 (line 36) does not do what it is for",
        [OnlyItsOwnClient] = "client of tenant \"blue\"   +<*In force: *; capsule/oil-production.yaml: NetworkPolicy capsule-oil-0 (line 55)",
        ["No tenant is allowed to write a network policy that lets everybody in"] = "cannot create resource \"networkpolicies\"*-> 201*In force: capsule/oil-production.yaml: Namespace oil-production (line 14), ServiceAccount gitops (line 22), RoleBinding capsule-oil-0-admin (line 27); ",
        ["Pods need an egress rule for DNS over UDP and over TCP"] = "not provided: controls/egress.yaml",
        ["The GPU developer holds exactly the rights of its role, and its pods get no token"] = "not provided: controls/personas.yaml",
    });

    [Test]
    public void The_run_finds_what_is_planted_in_the_namespaces_of_a_cloud() => Judge("eks", new()
    {
        [OverTheQuota] = Passed,
        [OnlyItsOwnClient] = Passed,
        ["A tenant's pods reach only each other and the cluster's DNS"] = "In force: fleet-fixtures/controls/tenant.yaml; eks/network/egress.yaml: NetworkPolicy egress (line 3)",
        ["A maximum without a default gives GPUs to pods that request none"] = "last seen: 4 GPUs*In force: *; eks/limits/gpus.yaml: LimitRange gpu-limit-range (line 2)",
        ["A tenant cannot create Services with a node port"] = "should refuse by services.nodeports, but: *-> 201*In force: *; eks/limits/objects.yaml: ResourceQuota object-quota (line 2)",
        ["No tenant may create a namespace"] = "not provided: controls/tenant.yaml",
    });

    private void Judge(string set, Dictionary<string, string> expected)
    {
        Need.Engine();
        var (features, results) = (FeatureIndex.Read(Repository.Root), Path.Combine(folder, "results"));
        var places = expected.Keys.Select(title => features.All.First(p => p.Name == title).Where);

        var outcome = Command.Run(Repository.At("support", "specs"), new Dictionary<string, string?>(OuterRun.Forgotten.Where(v => v.Key != "SPECS_K3S_IMAGE")) { ["SPECS_RESULTS"] = results, ["SPECS_KEEP"] = "0" },
            ["run", "--controls", Prepare(set), .. places]);

        outcome.ExitCode.Should().Be(1, outcome.Output + outcome.Errors);
        var posture = Posture.FromJson(File.ReadAllText(Path.Combine(results, "posture.json")));
        posture.Run.Controls.Should().Be(set);
        foreach (var scenario in posture.Scenarios)
            $"{Wording.Of(scenario.Status)}: {scenario.Error}".TrimEnd(':', ' ').Should().Match(Pattern(expected[scenario.Name]), scenario.Name);
        posture.Scenarios.Should().HaveCount(expected.Count);
        var missing = posture.Scenarios.Count(s => s.Status == ResultStatus.NotProvided);
        outcome.Output.Should().Contain($"{missing} not provided");
        outcome.LastLine.Should().Be($"{posture.Totals.Passed} passed, {posture.Totals.Failed} failed, {missing} skipped");
    }

    private static string Pattern(string expected) => expected == Passed || expected.StartsWith("not provided", StringComparison.Ordinal) ? expected : $"failed: *{expected}*";

    // As a platform team does: the mapping that init writes, with rows of its own.
    private string Prepare(string set)
    {
        var (from, to) = (Repository.At("support", "tests", "Specs.Tests", "OwnControls", set), Path.Combine(folder, set));
        foreach (var file in Directory.EnumerateFiles(from, "*.yaml", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var mapping = ControlsCommand.Mapping(Repository.Root);
        foreach (var row in File.ReadAllLines(Path.Combine(from, "rows.yaml")).Where(r => r != "controls:"))
            mapping = row.StartsWith("values:", StringComparison.Ordinal) ? $"{row}\n{mapping}" : mapping.Replace($"\n{row.Split(':')[0]}: {ControlSet.NotProvided}\n", $"\n{row}\n", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(to, ControlSet.FileName), mapping);
        return to;
    }
}
