namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods and what they say about GPUs.</content>
public sealed partial record PodTrait
{
    private const string GpuPhrases = "asks for no GPU|says nothing about resources|asks for half a GPU|asks for a GPU without a limit"
        + "|asks for 1 GPU and is limited to 2|asks for 5 GPUs in one container|asks for 4 GPUs in one container|asks for 3 GPUs in each of two containers"
        + "|asks for 5 GPUs in an init container|asks for 3 GPUs in an init container and 3 in its container|asks for a MIG slice|asks for 5 GPUs and has a deadline|asks for 5 GPUs and names no CPU and no memory|asks for 5 GPUs in a sidecar|asks for 1 GPU in the first of two containers";

    /// <summary>The container that some of these pods have beside their main one.</summary>
    public const string SecondContainer = "second";

    private const string Gpu = "nvidia.com/gpu";

    // Of an A100 with 80 GB, as NVIDIA's device plugin offers it with the MIG strategy "mixed".
    private const string MigSlice = "nvidia.com/mig-1g.10gb";

    private static IEnumerable<PodTrait> OfGpus =>
    [
        new("asks for no GPU", _ => { }),
        new("says nothing about resources", pod => Main(pod).Remove("resources")),
        new("asks for half a GPU", pod => Limits(Main(pod))[Gpu] = "0.5", PodFactory.GpuPod),
        new("asks for a GPU without a limit", pod => Request(pod, request: "1", limit: null), PodFactory.GpuPod),
        new("asks for 1 GPU and is limited to 2", pod => Request(pod, request: "1", limit: "2"), PodFactory.GpuPod),
        new("asks for 5 GPUs in one container", pod => Limits(Main(pod))[Gpu] = "5", PodFactory.GpuPod),
        new("asks for 4 GPUs in one container", pod => Limits(Main(pod))[Gpu] = "4", PodFactory.GpuPod),
        new("asks for 3 GPUs in each of two containers", pod => Twice(pod, "containers", "3", "3"), PodFactory.GpuPod),
        new("asks for 5 GPUs in an init container", pod => Twice(pod, "initContainers", "1", "5"), PodFactory.GpuPod),
        new("asks for 3 GPUs in an init container and 3 in its container", pod => Twice(pod, "initContainers", "3", "3"), PodFactory.GpuPod),
        new("asks for 1 GPU in the first of two containers", pod => AddContainerWithoutGpu(pod), PodFactory.GpuPod),
        new("asks for 5 GPUs and has a deadline", pod =>
        {
            Limits(Main(pod))[Gpu] = "5";
            Spec(pod)["activeDeadlineSeconds"] = 3600;
        }, PodFactory.GpuPod),
        // GPUs do not count where the API server sorts pods into classes of service.
        new("asks for 5 GPUs and names no CPU and no memory", pod => Main(pod)["resources"] = new JsonObject { ["limits"] = new JsonObject { [Gpu] = "5" } }, PodFactory.GpuPod),
        new("asks for 5 GPUs in a sidecar", pod =>
        {
            Twice(pod, "initContainers", "1", "5");
            Spec(pod)["initContainers"]![0]!["restartPolicy"] = "Always";
        }, PodFactory.GpuPod),
        new("asks for a MIG slice", pod => Limits(Main(pod))[MigSlice] = "1"),
    ];

    // Beside the main container, which asks for one GPU.
    private static JsonObject AddContainerWithoutGpu(JsonObject pod)
    {
        Twice(pod, "containers", "1", "0");
        var second = pod["spec"]!["containers"]![1]!.AsObject();
        Limits(second).Remove(Gpu);
        return second;
    }

    private static JsonObject Limits(JsonObject container) => container["resources"]!["limits"]!.AsObject();

    private static void Request(JsonObject pod, string request, string? limit)
    {
        Main(pod)["resources"]!["requests"]![Gpu] = request;
        if (limit is null)
            Limits(Main(pod)).Remove(Gpu);
        else
            Limits(Main(pod))[Gpu] = limit;
    }

    // The main container, and another like it in the given list.
    private static void Twice(JsonObject pod, string list, string main, string other)
    {
        Limits(Main(pod))[Gpu] = main;
        var second = Main(pod).DeepClone().AsObject();
        second["name"] = SecondContainer;
        Limits(second)[Gpu] = other;
        if (Spec(pod)[list] is JsonArray there)
            there.Add(second);
        else
            Spec(pod)[list] = new JsonArray(second);
    }
}
