using System.Xml.Linq;
using SecuritySpecs.Evidence;
using SecuritySpecs.Kube;
using SecuritySpecs.Reports;
using SecuritySpecs.Tool.Bench;
using SecuritySpecs.Tool.Bench.Audits;

namespace Specs.Tests;

/// <summary>What a scenario of each kind costs: who is of which kind, the figures, their budget and another commit's.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BenchTests : IDisposable
{
    private const string Ready = "specs: Kubernetes v1.20.2 answers after 1 s, the fleet of 32 GPUs is ready after 2 s";
    private static readonly Kind Pods = new("pod", [], new(2, 4, 3));
    private readonly FakeMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Test]
    public void The_figures_are_those_of_the_scenarios_that_were_judged_in_all_runs()
    {
        var cost = new KindCost(Pods, "", [(new(60, 8, 4, 400, 0), Results(1, 2, 3)), (new(60, 12, 6, 600, 0), Results(4, 10))]);

        cost.Scenarios.Should().Be(5, "who was inconclusive costs nothing to speak of");
        cost.Figures.Should().Equal(("median s", 3), ("p95 s", 10), ("CPU s", 4), ("pods", 2), ("processes", 200), ("requests", 1));
        cost.OverBudget.Should().Equal("pod: median s a scenario is 3.00, above its budget of 2.00",
            "pod: p95 s a scenario is 10.00, above its budget of 4.00", "pod: CPU s a scenario is 4.00, above its budget of 3.00");
        cost.Line.Should().MatchRegex(@"^pod +5 +3\.00 +10\.00 +4\.00 +2\.00 +200\.00 +1\.00$");
    }

    [Test]
    public void What_a_budget_allows_is_not_above_it()
    {
        var cost = new KindCost(Pods, "", [(new(60, 9, 4, 400, 0), Results(1, 2, 4))]);

        cost.OverBudget.Should().BeEmpty();
    }

    [Test]
    public void Another_commit_s_figures_are_the_base_of_the_ratios()
    {
        var (these, others) = (new KindCost(Pods, "", [(new(60, 6, 4, 50, 0), Results(1, 1))]), new KindCost(Pods, "main", [(new(60, 6, 4, 400, 0), Results(2, 2, 2, 4))]));

        others.Line.Should().StartWith("  at main ");
        these.RatioTo(others).Should().MatchRegex(@"^  ratio +0\.50 +0\.25 +2\.00 +2\.00 +0\.25 +1\.00$");
    }

    [TestCase("20-rbac-and-quotas", null, TestName = "A_feature_that_is_named_is_not_of_its_folder_s_kind")]
    [TestCase("10-tenant-isolation/gpu-pools.feature", "features/20-rbac-and-quotas/[a-z-]+.feature is of no kind", TestName = "Each_feature_is_of_a_kind")]
    [TestCase("20-rbac-and-quotas, 50-break-it-drills", "features/50-break-it-drills/[a-z-]+.feature is of rest and rest", TestName = "No_feature_is_of_two_kinds")]
    [TestCase("20-rbac-and-quotas/nothing.feature", "features/20-rbac-and-quotas/nothing.feature holds no scenario", TestName = "A_kind_names_features_that_there_are")]
    public void Kinds(string also, string? problem)
    {
        machine.Write($"repository/{Kind.FileName}", $$"""
            kinds:
              - {name: one, features: [20-rbac-and-quotas/gpu-quota.feature], median-ms: 1500, p95-ms: 1, cpu-ms: 1}
              - {name: rest, features: [{{also}}, 10-tenant-isolation, 30-network-boundaries, 40-secrets-and-supply-chain, 50-break-it-drills], median-ms: 1, p95-ms: 1, cpu-ms: 1}
            """);

        var read = () => Kind.Read(machine.At("repository"));

        if (problem is null)
            read().Select(k => (k.Name, k.Features.Count, k.Budget.Median)).First().Should().Be(("one", 1, 1.5));
        else
            read.Should().Throw<BadInputException>().Which.Message.Should().MatchRegex(problem);
    }

    [Test]
    public void The_repository_s_kinds_hold_all_features()
    {
        var kinds = Kind.Read(Repository.Root);

        kinds.Select(k => k.Name).Should().Equal("api-only", "pod", "network", "drill");
        kinds.Sum(k => k.Features.Count).Should().Be(Directory.GetFiles(Repository.At("features"), "*.feature", SearchOption.AllDirectories).Length);
    }

    [TestCase(5, 0)]
    [TestCase(1, 1, TestName = "Bench_exits_1_above_a_budget")]
    public void Bench_exits_0_within_its_budget(int milliseconds, int code)
    {
        Budget(milliseconds);
        machine["FAKE_TEST_OUTPUT"] = Ready;
        machine["FAKE_TEST_SECONDS"] = "1";
        machine.WritePosture(passed: 3, milliseconds: 2);

        var outcome = machine.Specs("bench", "--runs", "2", "--kind", "drill");

        outcome.ExitCode.Should().Be(code, outcome.Errors);
        outcome.Output.Should().MatchRegex(@"\ndrill +6 +0\.00 ");
        outcome.Output.Contains("drill: median s a scenario is 0.00, above its budget of 0.00", StringComparison.Ordinal).Should().Be(code == 1);
        machine.Calls.Where(c => c.StartsWith("keep ", StringComparison.Ordinal)).Should().Equal("keep 0", "keep 0");
        machine.Calls.Where(c => c.StartsWith("only ", StringComparison.Ordinal)).Should().NotBeEmpty().And.OnlyContain(c => c.StartsWith("only features/50-break-it-drills/", StringComparison.Ordinal));
    }

    [Test]
    public void A_run_that_judged_nothing_gives_no_figures()
    {
        Budget(5);
        machine["FAKE_TEST_OUTPUT"] = "no platform";

        var outcome = machine.Specs("bench", "--runs", "1", "--kind", "drill");

        outcome.ExitCode.Should().Be(2);
        outcome.Errors.Should().Contain("no figures (its output: ");
    }

    [TestCase(1024, "true", 0, "20 nodes, 30 tenants and 120 pods", TestName = "An_audit_within_its_budget")]
    [TestCase(1, "true", 1, "memory, MiB: \\d+\\.0 is above the budget of 1\n", TestName = "An_audit_above_its_budget")]
    [TestCase(1024, "false", 1, "not found: shared-surfaces: ResourceClaim tenant-\\d+/device: has admin access to devices\n", TestName = "An_audit_that_misses_something")]
    public void Bench_audit(int memory, string adminAccess, int code, string told)
    {
        foreach (var file in (string[])[.. Directory.GetFiles(Repository.At("support/Tool/Bench/Audits"), "*.yaml"), Repository.At("fleet-fixtures/gpu-toolkit.yaml"), Repository.At("fleet-fixtures/secret-rules.toml")])
            machine.Write($"repository/{Path.GetRelativePath(Repository.Root, file)}", File.ReadAllText(file).Replace("\"adminAccess\":true", $"\"adminAccess\":{adminAccess}", StringComparison.Ordinal));
        machine.Write($"repository/{AuditBudget.FileName}", $"{{nodes: 20, tenants: 30, pods: 120, seconds: 300, memory-mib: {memory}, page: 500}}");

        var outcome = machine.Specs("bench", "audit");

        outcome.Output.Should().MatchRegex(told);
        outcome.ExitCode.Should().Be(code, outcome.Errors);
    }

    [Test]
    public async Task Another_commit_is_checked_out_beside_this_one_and_goes_again()
    {
        var repository = machine.At("other");
        machine.Write("other/a.txt", "then");
        machine.Write("other/.local-reqnroll-nunit");
        string[] identity = ["-C", repository, "-c", "user.name=a", "-c", "user.email=a@b.example"];
        foreach (var arguments in (string[][])[["init", "-q"], ["add", "a.txt"], ["commit", "-qm", "then"]])
            Command.Run("git", new Dictionary<string, string?>(), [.. identity, .. arguments]).ExitCode.Should().Be(0);
        machine.Write("other/a.txt", "now");
        string root;

        await using (var other = await OtherCommit.CheckOutAsync(repository, "HEAD", default))
        {
            root = other.Root;
            File.ReadAllText(Path.Combine(root, "a.txt")).Should().Be("then");
            File.Exists(Path.Combine(root, ".local-reqnroll-nunit")).Should().BeTrue("a feed that lacks a package lacks it for that commit, too");
        }

        Directory.Exists(root).Should().BeFalse();
        var folders = Directory.GetDirectories(Path.GetTempPath(), "specs-against-*");
        var unknown = () => OtherCommit.CheckOutAsync(repository, "nowhere", default);
        (await unknown.Should().ThrowAsync<EnvironmentException>()).Which.Message.Should().Contain("nowhere");
        Directory.GetDirectories(Path.GetTempPath(), "specs-against-*").Should().BeSubsetOf(folders, "nothing stays of what could not be checked out");
    }

    [Test]
    public void The_analyses_find_what_is_in_the_synthetic_clusters_and_are_plotted()
    {
        foreach (var cluster in (ScaleCluster[])[new(10, 5), new(3, 20), new(20, 5)])
        {
            foreach (var (name, work) in cluster.Analyses)
                work.Should().NotThrow(name);
        }

        var picture = XDocument.Parse(ScalePlot.Svg([new("nodes", [("quota", [(5, 0.2), (1000, 150)]), ("RBAC", [(5, 3), (1000, 3)])])]));

        picture.Descendants().Where(e => e.Name.LocalName == "polyline").Select(e => (string)e.Attribute("points")!).Should().Equal("56.0,248.3 404.0,98.8", "56.0,187.2 404.0,187.2");
    }

    private void Budget(int milliseconds) => machine.Write($"repository/{Kind.FileName}", $$"""
        kinds:
          - {name: drill, features: [50-break-it-drills], median-ms: {{milliseconds}}, p95-ms: {{milliseconds}}, cpu-ms: 60000}
          - {name: rest, features: [10-tenant-isolation, 20-rbac-and-quotas, 30-network-boundaries, 40-secrets-and-supply-chain], median-ms: 1, p95-ms: 1, cpu-ms: 1}
        """);

    // Each scenario has made one request and one observation; one more could not be judged.
    private static Posture Results(params int[] seconds)
    {
        EvidenceEntry[] evidence = [new("a", "GET", "/", 200, null, null, default, 1), new("a", "OBSERVE", "", null, null, "so", default, 0)];
        var scenarios = seconds.Select(s => new ScenarioResult("f", "n", 1, [], ResultStatus.Passed, s * 1000, null, [new("Given", "x", ResultStatus.Passed, 1, evidence)]))
            .Append(new("f", "n", 2, [], ResultStatus.Inconclusive, 90_000, "lacks it", [])).ToList();
        return new(Posture.CurrentSchema, new("r", default, default, 1, 2, null, null, false), null, null, [], scenarios, [], Totals.Of(scenarios), [], []);
    }
}
