namespace SecuritySpecs.Drivers.Shared.Pods;

/// <summary>Something unusual about a pod that a tenant asks for.</summary>
/// <param name="Phrase">As features say it, after "a pod that".</param>
/// <param name="Change">Makes it so, in the manifest of a pod.</param>
/// <param name="Workload">The file of fleet-fixtures that it changes.</param>
public sealed partial record PodTrait(string Phrase, Action<JsonObject> Change, string Workload = PodFactory.PlainPod)
{
    /// <summary>Every phrase, as a regular expression. A new trait gets its phrase and its row in a part of this class that is about the same thing.</summary>
    public const string Phrases = NodePhrases + "|" + PriorityPhrases + "|" + PodSecurityPhrases + "|" + GpuEnvironmentPhrases + "|" + GpuPhrases + "|" + PoolPhrases
        + "|" + ModelPhrases + "|" + ImagePhrases + "|" + ComputePhrases + "|" + QueuePhrases + "|" + GraceForm;

    /// <summary>Every trait that features may name, but for those that name an image, an amount or a time.</summary>
    public static readonly IReadOnlyList<PodTrait> All =
        [.. OfTheNode, .. OfPriority, .. OfPodSecurity, .. OfTheGpuEnvironment, .. OfGpus, .. OfPools, .. OfModels, .. OfImages, .. OfCompute, .. OfQueues];

    /// <summary>The trait of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static PodTrait Of(string phrase) => All.FirstOrDefault(t => t.Phrase == phrase) ?? OfImage(phrase) ?? OfAmount(phrase) ?? OfGrace(phrase)
        ?? throw new ArgumentException($"No pod \"{phrase}\" is known; there are pods that: {string.Join("; ", All.Select(t => t.Phrase))}.");

    private static JsonObject Spec(JsonObject pod) => pod["spec"]!.AsObject();

    private static JsonObject Main(JsonObject pod) => pod["spec"]!["containers"]![0]!.AsObject();
}
