using SecuritySpecs.Cluster;

namespace SecuritySpecs.Steps;

/// <summary>What a scenario's tags ask of the cluster.</summary>
/// <param name="tags">Its own and its feature's, without the <c>@</c>.</param>
public sealed class ScenarioTags(IReadOnlyCollection<string> tags)
{
    private const string Needs = "needs:";
    private const string Gpus = "gpus:";

    /// <summary>The capabilities that it needs, of which GPUs are one.</summary>
    public IReadOnlyList<string> NeededCapabilities =>
    [
        .. tags.Where(t => t.StartsWith(Needs, StringComparison.Ordinal)).Select(t => t[Needs.Length..]),
        .. GpuTag switch { null => (string[])[], "fleet" => [CapabilityDetector.Gpu, CapabilityDetector.OwnFleet], "shared" => [CapabilityDetector.SharedGpu], _ => [CapabilityDetector.Gpu, CapabilityDetector.WorkloadImage] },
    ];

    private string? GpuTag => tags.FirstOrDefault(t => t.StartsWith(Gpus, StringComparison.Ordinal))?[Gpus.Length..];

    /// <summary>Whether its pods fill the GPU that tenants share, so that no other scenario may at that time.</summary>
    public bool FillsTheSharedGpu => GpuTag == "shared";

    /// <summary>How many GPUs of the real node its pods hold at most; <c>@gpus:node</c> and <c>@gpus:fleet</c> mean all of them.</summary>
    /// <param name="capacity">GPUs of that node.</param>
    public int GpusOf(int capacity) => GpuTag switch
    {
        null or "shared" => 0,
        "node" or "fleet" => capacity,
        var number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture),
    };
}
