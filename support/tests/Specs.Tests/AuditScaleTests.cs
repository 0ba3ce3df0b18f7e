using k8s;
using SecuritySpecs.Kube;
using SecuritySpecs.PlatformAudit;
using SecuritySpecs.Rbac;
using SecuritySpecs.Secrets;
using SecuritySpecs.Tool.Bench.Audits;

namespace Specs.Tests;

/// <summary>An audit of made-up clusters of many nodes: it finds what is wrong there, all of it and nothing else, however large they are.</summary>
[TestFixture]
public sealed class AuditScaleTests
{
    private static readonly string Fixtures = Repository.At("fleet-fixtures");
    private static readonly AuditRules Rules = new(RightsOwners.Read(Path.Combine(Fixtures, RightsOwners.FileName)), SecretRules.Read(Fixtures), ToolkitFixes.Read(Path.Combine(Fixtures, ToolkitFixes.FileName)));

    [TestCase(50, 30, 300)]
    [TestCase(5, 60, 1260, Description = "more than a page of pods, and each weakness twice")]
    public async Task It_finds_what_is_wrong_and_nothing_else(int nodes, int tenants, int pods)
    {
        var made = new AuditedCluster(Repository.Root, new(nodes, tenants, pods));

        var (found, api) = await AuditAsync(made);

        found.Should().Equal(made.Planted);
        found.Select(f => f.Split(": ")[0]).Distinct().Should().HaveCountGreaterThan(10, "the weaknesses are of many kinds");
        api.Writes.Should().BeEmpty();
        api.LargestPage.Should().Be(Math.Min(pods, 500));
    }

    [Test]
    public void Weaknesses_want_room()
    {
        var make = () => new AuditedCluster(Repository.Root, new(1, 2, 20));

        make.Should().Throw<BadInputException>().WithMessage("*weaknesses want as many tenants, and two pods in each");
    }

    [TestCase("LimitRange defaults", "LimitRange default", "there is no object LimitRange default")]
    [TestCase("replace: '\"0.0003\"'", "replace: nothing", "ConfigMap settings has no text nothing")]
    public void A_weakness_that_is_nowhere_is_told(string right, string wrong, string told)
    {
        using var machine = new FakeMachine();
        foreach (var file in (string[])[.. Directory.GetFiles(Repository.At("support/Tool/Bench/Audits"), "*.yaml"), Repository.At("fleet-fixtures/secret-rules.toml")])
            machine.Write($"repository/{Path.GetRelativePath(Repository.Root, file)}", File.ReadAllText(file).Replace(right, wrong, StringComparison.Ordinal));

        var make = () => new AuditedCluster(machine.At("repository"), new(1, 30, 60));

        make.Should().Throw<BadInputException>().WithMessage($"*weaknesses.yaml*{told}*");
    }

    [Test]
    public void The_budget_is_that_of_the_issue_or_less()
    {
        var budget = AuditBudget.Read(Repository.Root);

        budget.Size.Should().Be(new AuditedSize(1000, 200, 5000));
        budget.Seconds.Should().BeLessThanOrEqualTo(60);
        budget.Memory.Should().BeLessThanOrEqualTo(1024);
    }

    private static async Task<(IReadOnlyList<string> Found, AuditedApi Api)> AuditAsync(AuditedCluster made)
    {
        using var server = new AuditedApi(made);
        using var api = new KubeApi(new KubernetesClientConfiguration { Host = server.Url }, "auditor");
        var cluster = await ClusterObjects.ReadAsync(api, RightsOwner.TenantLabel, _ => { });
        return ([.. ClusterAudit.Findings(cluster, Rules with { Registries = OwnRegistries.Of(cluster) }).Select(f => $"{f.Control}: {f.Target}: {f.Problem}").Order(StringComparer.Ordinal)], server);
    }
}
