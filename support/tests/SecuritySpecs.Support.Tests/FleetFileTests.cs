using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

[TestFixture]
public sealed class FleetFileTests
{
    private const string Good = """
        resource: nvidia.com/gpu
        pools:
          - name: a100
            product: NVIDIA-A100
            memoryMiB: 81920
            nodes: 2
            gpusPerNode: 8
            realNodes: 1
          - name: l40s
            product: NVIDIA-L40S
            memoryMiB: 46068
            nodes: 1
            gpusPerNode: 4
            realNodes: 0
        """;

    [Test]
    public void The_fleet_of_the_course_has_5_nodes_and_32_GPUs_of_which_one_node_is_real()
    {
        var fleet = FleetFile.Read(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures", "fleet.yaml"));

        fleet.Gpus.Should().Be(32);
        fleet.Pools.Sum(p => p.Nodes).Should().Be(5);
        fleet.RealNodes.Select(n => n.Name).Should().Equal("a100-1");
        fleet.Pools.Where(p => p.Taint is not null).Select(p => p.Name).Should().Equal("h100");
    }

    [Test]
    public void A_good_file_is_read_whole()
    {
        var fleet = FleetFile.Parse(Good);

        fleet.Resource.Should().Be("nvidia.com/gpu");
        fleet.Pools.Should().Equal(new GpuPool("a100", "NVIDIA-A100", 81920, 2, 8, 1), new GpuPool("l40s", "NVIDIA-L40S", 46068, 1, 4, 0));
    }

    [Test]
    public void A_GPU_that_tenants_share_is_read_with_its_pool()
    {
        var shared = FleetFile.Parse(Good + "\nshared: {pool: a100, product: NVIDIA-A10, memoryMiB: 23028, shares: 10}\n").Shared;

        shared.Should().Be(new SharedCard(new("a100", "NVIDIA-A100", 81920, 2, 8, 1), "NVIDIA-A10", 23028, 10));
    }

    [Test]
    public void The_fleet_of_the_course_has_one_GPU_to_share_beside_those_that_it_counts()
    {
        var fleet = FleetFile.Read(Path.Combine(RunOptions.FindRoot(), "fleet-fixtures", "fleet.yaml"));

        fleet.Shared!.Shares.Should().Be(10, "HAMi's default");
        fleet.Shared.Pool.RealNodes.Should().BePositive();
    }

    [TestCase("{pool: l40s, product: P, memoryMiB: 1, shares: 1}", "\"l40s\" has no real node; pools that have: a100")]
    [TestCase("{pool: a100, product: P, memoryMiB: 1}", "shares is missing")]
    [TestCase("{pool: a100, product: P, memoryMiB: 1, shares: 0}", "shares: expected a whole number of at least 1")]
    [TestCase("{pool: a100, product: P, memoryMiB: 1, shares: 1, cores: 100}", "unknown key \"cores\"")]
    public void A_bad_GPU_to_share_is_refused_with_its_line(string shared, string problem)
    {
        var act = () => FleetFile.Parse(Good + "\nshared: " + shared);

        act.Should().Throw<BadInputException>().WithMessage($"fleet-fixtures/fleet.yaml:15: *{problem}*");
    }

    [Test]
    public void A_pool_without_real_nodes_may_have_a_taint() =>
        FleetFile.Parse(Good + "\n    taint: gpu-pool=l40s:NoSchedule").Pools.Select(p => p.Taint).Should().Equal(null, new NodeTaint("gpu-pool", "l40s", "NoSchedule"));

    [TestCase("realNodes: 0", "realNodes: 0\n    taint: gpu-pool=l40s", 15, "expected KEY=VALUE:EFFECT", "NoSchedule, PreferNoSchedule, NoExecute")]
    [TestCase("realNodes: 0", "realNodes: 0\n    taint: gpu-pool=l40s:Never", 15, "expected KEY=VALUE:EFFECT", "Never")]
    [TestCase("realNodes: 1", "realNodes: 1\n    taint: gpu-pool=a100:NoSchedule", 9, "taint", "realNodes is 0, not 1")]
    [TestCase("    nodes: 2\n", "    nodes: 2\n    color: red\n", 7, "unknown key \"color\"", "gpusPerNode")]
    [TestCase("gpusPerNode: 8", "gpusPerNode: -8", 7, "whole number of at least 1", "-8")]
    [TestCase("gpusPerNode: 8", "gpusPerNode: many", 7, "whole number of at least 1", "many")]
    [TestCase("name: l40s", "name: a100", 9, "\"a100\" is there twice", "pool")]
    [TestCase("    memoryMiB: 46068\n", "", 9, "memoryMiB is missing", "realNodes")]
    [TestCase("realNodes: 1", "realNodes: 3", 8, "at most the pool's 2 nodes", "3")]
    [TestCase("realNodes: 1", "realNodes: 0", 3, "at least one node must be real", "realNodes: 1")]
    [TestCase("resource: nvidia.com/gpu", "resource:", 1, "expected a text", "resource")]
    [TestCase("pools:", "pools: [", 2, "is no YAML", "the [ of this line is not closed")]
    public void A_mistake_is_told_with_file_line_and_what_is_allowed(string good, string bad, int line, string problem, string hint)
    {
        var text = Good.Replace(good, bad, StringComparison.Ordinal);
        text.Should().NotBe(Good, "the test must change something");

        var read = () => FleetFile.Parse(text);

        read.Should().Throw<BadInputException>().Which.Message.Should().StartWith($"fleet-fixtures/fleet.yaml:{line}: ").And.Contain(problem).And.Contain(hint);
    }

    [Test]
    public void A_missing_file_is_told()
    {
        var read = () => FleetFile.Read("/nowhere/fleet.yaml");

        read.Should().Throw<BadInputException>().WithMessage("fleet-fixtures/fleet.yaml: there is no such file");
    }
}
