using Microsoft.AspNetCore.Http;
using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

/// <summary>How a platform calls and taints its API-only nodes.</summary>
[TestFixture]
public sealed class FleetProfileTests
{
    private const string Good = "node: kwok-gpu-{pool}-{index}\nfirstIndex: 0\ntaint: kwok.x-k8s.io/node=fake:NoSchedule\n";
    private static readonly string Fixtures = Path.Combine(RunOptions.FindRoot(), "fleet-fixtures");
    private static readonly FleetFile Course = FleetFile.Read(Path.Combine(Fixtures, "fleet.yaml")) with { Profile = FleetProfile.Read(Fixtures, "course") };

    [Test]
    public void The_course_counts_its_nodes_from_0_and_taints_them_as_KWOK_does()
    {
        var profile = Course.Profile!;

        (profile.NameOf("a100", 1), profile.NameOf("l40s", 2)).Should().Be(("kwok-gpu-a100-0", "kwok-gpu-l40s-1"));
        profile.Taint.Should().Be(new NodeTaint("kwok.x-k8s.io/node", "fake", "NoSchedule"));
    }

    [Test]
    public void A_profile_that_is_not_there_is_named_beside_those_that_are()
    {
        var read = () => FleetProfile.Read(Fixtures, "../profiles/course");

        read.Should().Throw<EnvironmentException>().WithMessage("--profile ../profiles/course: there is no such profile; there are: course");
    }

    [TestCase("kwok-gpu-{pool}-{index}", "kwok-gpu-{pool}", "p.yaml:1: node: expected a name with {pool} and {index} in it, but found \"kwok-gpu-{pool}\"")]
    [TestCase("firstIndex: 0", "firstIndex: one", "p.yaml:2:*firstIndex*one*")]
    [TestCase("=fake:NoSchedule", "=fake", "p.yaml:3: taint: expected KEY=VALUE:EFFECT*")]
    [TestCase("taint:", "taints:", "p.yaml:*taint*")]
    public void A_mistake_in_a_profile_is_told_with_file_and_line(string right, string wrong, string message)
    {
        var read = () => FleetProfile.Parse("p.yaml", Good.Replace(right, wrong, StringComparison.Ordinal));

        read.Should().Throw<BadInputException>().WithMessage(message);
    }

    [Test]
    public async Task API_only_nodes_are_called_and_tainted_by_the_profile_and_the_real_node_keeps_its_number()
    {
        var made = new List<JsonNode>();
        await using var server = await LoopbackServer.StartAsync(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            if (context.Request.Path == "/api/v1/nodes")
                made.Add(JsonNode.Parse(body)!);
            await context.Response.WriteAsync("{}");
        });
        await using var nodes = new ApiOnlyNodes(server.Api, "run", Course.Profile);

        foreach (var pool in Course.Pools)
            await nodes.AddAsync(pool, Course.Resource);

        nodes.Names.Should().Equal("kwok-gpu-a100-1", "kwok-gpu-h100-0", "kwok-gpu-l40s-0", "kwok-gpu-l40s-1");
        nodes.NamesOf("l40s").Should().Equal("kwok-gpu-l40s-0", "kwok-gpu-l40s-1");
        made.Select(n => (string)n["metadata"]!["name"]!).Should().Equal(nodes.Names);
        made.Select(n => n["spec"]!["taints"]![0]!.ToJsonString()).Should().AllBe("""{"key":"kwok.x-k8s.io/node","value":"fake","effect":"NoSchedule"}""");
        made[1]["spec"]!["taints"]!.AsArray().Should().HaveCount(2, "the h100 pool has a taint of its own");
    }

    [Test]
    public async Task A_node_of_that_name_that_is_there_already_is_an_error_that_names_it()
    {
        await using var server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 409;
            return context.Response.WriteAsync("""{"kind": "Status", "reason": "AlreadyExists"}""");
        });
        await using var nodes = new ApiOnlyNodes(server.Api, "run", Course.Profile);

        var add = () => nodes.AddAsync(Course.Pools[0], Course.Resource);

        await add.Should().ThrowAsync<EnvironmentException>().WithMessage("The profile calls a node kwok-gpu-a100-1, and the cluster has one of that name already*");
    }

    [TestCase(true, 0)]
    [TestCase(false, 8)]
    public async Task GPUs_of_nodes_that_the_profile_knows_as_API_only_are_not_taken_for_real_ones(bool profile, int gpus)
    {
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync("""
            {"items": [{"metadata": {"name": "kwok-gpu-a100-0", "labels": {}}, "spec": {"taints": [{"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}]},
            "status": {"allocatable": {"nvidia.com/gpu": "8"}, "conditions": [{"type": "Ready", "status": "True"}]}}]}
            """));

        await using var fleet = await GpuFleet.DeployAsync(server.Api, (RunOptions.FromEnvironment() with { FleetImage = null }).Manifests, profile ? Course : Course with { Profile = null }, () => Task.CompletedTask);

        fleet.Gpus.Should().Be(gpus);
        (profile ? fleet.Info.ApiOnlyNodes : fleet.Info.RealNodes).Should().Equal("kwok-gpu-a100-0");
        (profile ? fleet.Info.RealNodes : fleet.Info.ApiOnlyNodes).Should().BeEmpty();
    }
}
