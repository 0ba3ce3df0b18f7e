namespace SecuritySpecs.Drivers.Shared.Pods;

/// <content>Pods that help themselves to GPUs, or take off the limit of what they were given.</content>
public sealed partial record PodTrait
{
    /// <summary>The ConfigMap or the Secret that these pods take their environment from.</summary>
    public const string EnvironmentStore = "environment";

    private const string GpuEnvironmentPhrases =
        "sets NVIDIA_VISIBLE_DEVICES|sets LD_PRELOAD|sets CUDA_DISABLE_CONTROL|sets CUDA_DEVICE_MEMORY_LIMIT_7|sets CUDA_VERSION|sets NVIDIA_NVSWITCH|empties NVIDIA_REQUIRE_CUDA|takes CUDA_VERSION from a key of the config map|sets no GPU variable|hides LD_PRELOAD among many variables"
        + "|carries the opt-out label of HAMi|carries an annotation of CDI|carries an annotation of NVIDIA's CDI|takes its environment from the config map|takes its environment from the secret"
        + "|takes its environment from the config map under the prefix \"NVIDIA_\""
        + "|takes its environment from the config map under the prefix \"LD_PRE\""
        + "|takes its environment from the config map under the prefix \"CUDA_\""
        + "|takes its environment from the config map under the prefix \"NVIDIA_VISIBLE_\""
        + "|takes its environment from the config map under the prefix \"TRAINING_\"";

    // More than an admission policy may spend on judging: a pod of 0.5 MB, which the API server takes.
    private const int ManyVariables = 20_000;
    private const int ManyContainers = 20;

    private static IEnumerable<PodTrait> OfTheGpuEnvironment =>
    [
        Sets("NVIDIA_VISIBLE_DEVICES", "all"),
        Sets("LD_PRELOAD", "/tmp/uncapped.so"),
        Sets("CUDA_DISABLE_CONTROL", "true"),
        Sets("CUDA_DEVICE_MEMORY_LIMIT_7", "81920m"),
        Sets("CUDA_VERSION", "12.0"),
        Sets("NVIDIA_NVSWITCH", "enabled"),
        new("empties NVIDIA_REQUIRE_CUDA", pod => AddVariable(pod, "NVIDIA_REQUIRE_CUDA", "")),
        new("takes CUDA_VERSION from a key of the config map", pod => Main(pod)["env"] = new JsonArray(new JsonObject
        {
            ["name"] = "CUDA_VERSION",
            ["valueFrom"] = new JsonObject { ["configMapKeyRef"] = new JsonObject { ["name"] = EnvironmentStore, ["key"] = "VERSION" } },
        })),
        new("sets no GPU variable", pod => AddVariable(pod, "LEARNING_RATE", "0.1")),
        new("hides LD_PRELOAD among many variables", Hide),
        new("carries the opt-out label of HAMi", pod => pod["metadata"]!["labels"]!["hami.io/webhook"] = "ignore"),
        Annotated("carries an annotation of CDI", "cdi.k8s.io/job"),
        Annotated("carries an annotation of NVIDIA's CDI", "nvidia.cdi.k8s.io/job"),
        TakesFrom("config map"),
        TakesFrom("secret"),
        TakesFrom("config map", "NVIDIA_"),
        TakesFrom("config map", "LD_PRE"),
        TakesFrom("config map", "CUDA_"),
        TakesFrom("config map", "NVIDIA_VISIBLE_"),
        TakesFrom("config map", "TRAINING_"),
    ];

    /// <summary>A pod whose first container sets a variable.</summary>
    public static PodTrait Sets(string variable, string value) => new($"sets {variable}", pod => AddVariable(pod, variable, value));

    private static PodTrait Annotated(string phrase, string annotation) =>
        new(phrase, pod => pod["metadata"]!["annotations"] = new JsonObject { [annotation] = "nvidia.com/gpu=all" });

    private static void AddVariable(JsonObject pod, string variable, string value)
    {
        if (Main(pod)["env"] is not JsonArray)
            Main(pod)["env"] = new JsonArray();
        Main(pod)["env"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = variable, ["value"] = value });
    }

    // Spread over containers: the API server compares the variables of one container with each other.
    private static void Hide(JsonObject pod)
    {
        var containers = pod["spec"]!["containers"]!.AsArray();
        for (var c = 1; c <= ManyContainers; c++)
        {
            var container = Main(pod).DeepClone().AsObject();
            container["name"] = $"container-{c.ToString(CultureInfo.InvariantCulture)}";
            container["env"] = new JsonArray([.. Enumerable.Range(0, ManyVariables / ManyContainers)
                .Select(v => new JsonObject { ["name"] = $"V{v.ToString(CultureInfo.InvariantCulture)}" })]);
            containers.Add((JsonNode)container);
        }

        containers[^1]!["env"]!.AsArray().Add((JsonNode)new JsonObject { ["name"] = "LD_PRELOAD", ["value"] = "/tmp/uncapped.so" });
    }

    private static PodTrait TakesFrom(string store, string? prefix = null)
    {
        var reference = store == "secret" ? "secretRef" : "configMapRef";
        return new($"takes its environment from the {store}{(prefix is null ? "" : $" under the prefix \"{prefix}\"")}", pod =>
        {
            var source = new JsonObject { [reference] = new JsonObject { ["name"] = EnvironmentStore } };
            if (prefix is not null)
                source["prefix"] = prefix;
            Main(pod)["envFrom"] = new JsonArray(source);
        });
    }
}
