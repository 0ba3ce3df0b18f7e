namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods and the queue that they wait in, as Kueue knows them.</content>
public sealed partial record PodTrait
{
    /// <summary>The label by which a pod or a Job names its queue.</summary>
    public const string QueueLabel = "kueue.x-k8s.io/queue-name";

    private const string QueuePhrases = "has a GPU and waits in a queue|has a GPU and names no queue|has a GPU and does not wait in its queue|has a claim of devices|hides a GPU among many resources";

    // More than an admission policy may spend on judging.
    private const int ManyResources = 35_000;

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
        new("hides a GPU among many resources", pod =>
        {
            var limits = Limits(Main(pod));
            for (var n = 0; n < ManyResources; n++)
                limits[$"a.example/{n}"] = 0;
        }, PodFactory.GpuPod),
    ];

    private static void Name(JsonObject pod) => pod["metadata"]!["labels"]![QueueLabel] = "research";
}
