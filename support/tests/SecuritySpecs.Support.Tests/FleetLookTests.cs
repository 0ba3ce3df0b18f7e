using SecuritySpecs.Fleet;

namespace SecuritySpecs.Tests;

/// <summary>Who holds which GPUs, by the objects of the API server.</summary>
[TestFixture]
public sealed class FleetLookTests
{
    private static readonly JsonNode[] Nodes =
    [
        Node("l40s-1", "l40s", capacity: 4, allocatable: 3),
        Node("a100-1", "a100", capacity: 8, allocatable: 8, """{"key": "gpu-pool", "value": "a100", "effect": "NoSchedule"}"""),
    ];

    [Test]
    public void A_node_is_held_by_those_whose_pods_are_bound_to_it_and_have_not_ended()
    {
        JsonNode[] pods = [Pod("blue", "a100-1", 2), Pod("blue", "a100-1", 1), Pod("green", "a100-1", 4, "Pending"), Pod("green", "a100-1", 1, "Succeeded"), Pod("green", "a100-1", 1, "Failed"), Pod("green", "a100-1", 0), Pod("green", null, 8), Pod("green", "another", 8)];

        var fleet = FleetLook.Of(Nodes, pods, "nvidia.com/gpu", ["a100-1"], n => $"tenant {n}");

        fleet.Select(n => (n.Name, n.Pool, n.Real, n.Gpus, n.Offered)).Should().Equal(("a100-1", "a100", true, 8, 8), ("l40s-1", "l40s", false, 4, 3));
        fleet[0].Holders.Should().Equal(new GpuHolder("tenant blue", 3), new GpuHolder("tenant green", 4));
        (fleet[0].Held(), fleet[0].Free(), fleet[0].Out()).Should().Be((7, 1, 0));
        (fleet[1].Held(), fleet[1].Free(), fleet[1].Out()).Should().Be((0, 3, 1));
    }

    [Test]
    public void A_GPU_that_fell_ill_in_somebodys_hands_is_still_held()
    {
        var node = FleetLook.Of([Node("l40s-1", "l40s", capacity: 4, allocatable: 3)], [Pod("blue", "l40s-1", 4)], "nvidia.com/gpu", [], n => n).Single();

        (node.Held(), node.Free(), node.Out()).Should().Be((4, 0, 0), "a node has no more cells than GPUs");
    }

    [Test]
    public void Of_the_labels_those_about_GPUs_are_kept_and_of_the_taints_all()
    {
        var node = FleetLook.Of(Nodes, [], "nvidia.com/gpu", [], n => n)[0];

        node.Labels.Should().Equal(new Dictionary<string, string> { ["gpu-pool"] = "a100" });
        node.Taints.Should().Equal("gpu-pool=a100:NoSchedule");
    }

    private static JsonNode Node(string name, string pool, int capacity, int allocatable, params string[] taints) => JsonNode.Parse($$$"""
        {"metadata": {"name": "{{{name}}}", "labels": {"gpu-pool": "{{{pool}}}", "kubernetes.io/os": "linux"}}, "spec": {"taints": [{{{string.Join(',', taints)}}}]},
        "status": {"capacity": {"nvidia.com/gpu": "{{{capacity}}}"}, "allocatable": {"nvidia.com/gpu": "{{{allocatable}}}"} } }
        """)!;

    private static JsonObject Pod(string @namespace, string? node, int gpus, string phase = "Running") => new JsonObject
    {
        ["metadata"] = new JsonObject { ["namespace"] = @namespace }, ["status"] = new JsonObject { ["phase"] = phase },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["containers"] = new JsonArray(new JsonObject { ["resources"] = new JsonObject { ["limits"] = gpus == 0 ? new JsonObject() : new JsonObject { ["nvidia.com/gpu"] = $"{gpus}" } } }),
        },
    };
}
