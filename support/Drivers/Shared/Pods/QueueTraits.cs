namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods and the queue that they wait in, as Kueue knows them.</content>
public sealed partial record PodTrait
{
    /// <summary>The label by which a pod or a Job names its queue.</summary>
    public const string QueueLabel = "kueue.x-k8s.io/queue-name";

    private const string QueuePhrases =
        "has a GPU and waits in a queue|has a GPU and names no queue|has a GPU and does not wait in its queue|has a claim of devices"
        + "|has 16 resources|has 17 resources|has 64 containers|has 65 containers"
        + "|has a GPU, a queue and 16 gates|has a GPU, a queue and 17 gates";

    private static IEnumerable<PodTrait> OfQueues =>
    [
        new("has a GPU and waits in a queue", pod =>
        {
            Name(pod);
            // Another controller may hold the pod back, too.
            Spec(pod)["schedulingGates"] = new JsonArray(new JsonObject { ["name"] = "example.com/dataset" }, new JsonObject { ["name"] = "kueue.x-k8s.io/admission" });
        }, PodFactory.GpuPod),
        new("has a GPU and names no queue", _ => { }, PodFactory.GpuPod),
        new("has a GPU and does not wait in its queue", Name, PodFactory.GpuPod),
        // Of a template that need not be there: admission does not look.
        new("has a claim of devices", pod => Spec(pod)["resourceClaims"] = new JsonArray(new JsonObject { ["name"] = "devices", ["resourceClaimTemplateName"] = "devices" })),
        Resources(16), Resources(17), Containers(64), Containers(65), Gates(16), Gates(17),
    ];

    // None of them is a GPU.
    private static PodTrait Resources(int count) => new($"has {count} resources", pod =>
    {
        var limits = Enumerable.Range(1, count).Select(n => KeyValuePair.Create($"example.com/r{n}", (JsonNode?)1));
        Main(pod)["resources"] = new JsonObject { ["limits"] = new JsonObject(limits) };
    });

    private static PodTrait Containers(int count) => new($"has {count} containers", pod =>
    {
        for (var n = 2; n <= count; n++)
        {
            var container = Main(pod).DeepClone();
            container["name"] = $"c{n}";
            Spec(pod)["containers"]!.AsArray().Add(container);
        }
    });

    // Kueue's is the last of them.
    private static PodTrait Gates(int count) => new($"has a GPU, a queue and {count} gates", pod =>
    {
        Name(pod);
        var others = Enumerable.Range(2, count - 1).Select(n => $"example.com/g{n}");
        Spec(pod)["schedulingGates"] = new JsonArray([.. others.Append("kueue.x-k8s.io/admission").Select(name => new JsonObject { ["name"] = name })]);
    }, PodFactory.GpuPod);

    private static void Name(JsonObject pod) => pod["metadata"]!["labels"]![QueueLabel] = "research";
}
