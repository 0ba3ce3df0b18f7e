using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.TenantIsolation;

/// <summary>A way in which a GPU job tries to get out of the memory cap of its slice.</summary>
/// <param name="Phrase">As features say it, after "a GPU job that".</param>
/// <param name="Apply">Makes a job do so.</param>
public sealed record CapEvasion(string Phrase, Action<JsonObject, SharedGpu> Apply)
{
    /// <summary>The tenant's ConfigMap from which a job may take its environment.</summary>
    public const string ConfigMap = "gpu-limits";

    /// <summary>What HAMi-core takes as the cap; zero is none.</summary>
    public const string LimitVariable = "CUDA_DEVICE_MEMORY_LIMIT_0";

    /// <summary>Every phrase, as a regular expression.</summary>
    public const string Phrases =
        "asks for no slice|switches HAMi-core off|sets its own memory limit|takes its memory limit from a ConfigMap|opts out of HAMi's webhook|writes its slice itself"
        + "|opts out of HAMi's webhook and writes its slice itself|names a foreign scheduler and writes its slice itself|names its node and writes its slice itself|drops the memory limit in its own command";

    /// <summary>Every way that features may name.</summary>
    public static readonly IReadOnlyList<CapEvasion> All =
    [
        new("asks for no slice", (pod, _) =>
        {
            foreach (var resource in (string[])[SharedGpu.Resource, SharedGpu.Memory, SharedGpu.Cores])
                Main(pod)["resources"]!["limits"]!.AsObject().Remove(resource);
        }),
        // HAMi's plugin then leaves out the mount by which every process of the container loads HAMi-core.
        new("switches HAMi-core off", (pod, _) => SetVariable(pod, "CUDA_DISABLE_CONTROL", "true")),
        // What a container's own env says wins over what a device plugin adds.
        new("sets its own memory limit", (pod, _) => SetVariable(pod, LimitVariable, "0m")),
        new("takes its memory limit from a ConfigMap", (pod, _) => Main(pod)["envFrom"] = new JsonArray(new JsonObject { ["configMapRef"] = new JsonObject { ["name"] = ConfigMap } })),
        new("opts out of HAMi's webhook", (pod, _) => OptOut(pod)),
        new("writes its slice itself", WriteSlice),
        new("opts out of HAMi's webhook and writes its slice itself", (pod, gpu) =>
        {
            OptOut(pod);
            WriteSlice(pod, gpu);
        }),
        // HAMi leaves pods of other schedulers alone; with a node named no scheduler is needed at all.
        new("names a foreign scheduler and writes its slice itself", (pod, gpu) =>
        {
            pod["spec"]!["schedulerName"] = "batch-scheduler";
            pod["spec"]!["nodeName"] = gpu.Node;
            WriteSlice(pod, gpu);
        }),
        // The webhook refuses such a job; where it is not asked, the kubelet takes the slice that the job wrote.
        new("names its node and writes its slice itself", (pod, gpu) =>
        {
            pod["spec"]!["nodeName"] = gpu.Node;
            WriteSlice(pod, gpu);
        }),
        new("drops the memory limit in its own command", (pod, _) =>
        {
            var command = Main(pod)["command"]!.AsArray();
            foreach (var word in (string[])[LimitVariable, "-u", "env"])
                command.Insert(0, word);
        }),
    ];

    /// <summary>A job that sets a variable.</summary>
    public static CapEvasion Sets(string variable) => new($"sets {variable}", (pod, _) => SetVariable(pod, variable, "0"));

    /// <summary>The way of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static CapEvasion Of(string phrase) => All.FirstOrDefault(e => e.Phrase == phrase)
        ?? throw new ArgumentException($"No GPU job \"{phrase}\" is known; there are jobs that: {string.Join("; ", All.Select(e => e.Phrase))}.");

    private static JsonObject Main(JsonObject pod) => pod["spec"]!["containers"]![0]!.AsObject();

    private static void SetVariable(JsonObject pod, string name, string value) => Main(pod)["env"] = new JsonArray(new JsonObject { ["name"] = name, ["value"] = value });

    private static void OptOut(JsonObject pod)
    {
        pod["metadata"]!["labels"]!["hami.io/webhook"] = "ignore";
        // Kubernetes' own scheduler takes the job: it counts shares, and knows no node with the two others.
        var limits = Main(pod)["resources"]!["limits"]!.AsObject();
        limits.Remove(SharedGpu.Memory);
        limits.Remove(SharedGpu.Cores);
    }

    // What HAMi's scheduler writes on a pod that it places, here with all of the GPU's memory.
    private static void WriteSlice(JsonObject pod, SharedGpu gpu) => pod["metadata"]!["annotations"] = new JsonObject
    {
        ["hami.io/vgpu-node"] = gpu.Node, ["hami.io/bind-phase"] = "allocating", ["hami.io/bind-time"] = "1",
        ["hami.io/vgpu-devices-to-allocate"] = FormattableString.Invariant($"{gpu.Uuid},NVIDIA,{gpu.MemoryMiB},0:;"),
    };
}
