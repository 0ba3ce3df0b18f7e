using SecuritySpecs.Cluster;
using SecuritySpecs.Drills;

namespace SecuritySpecs.Steps.Run;

/// <summary>What a scenario's tags ask of the cluster.</summary>
/// <param name="tags">Its own and its feature's, without the <c>@</c>.</param>
public sealed class ScenarioTags(IReadOnlyCollection<string> tags)
{
    private const string ControlTag = Reports.PostureBuilder.ControlTag;
    private const string Needs = "needs:";
    private const string Gpus = "gpus:";

    /// <summary>The capabilities that it needs, of which GPUs are one.</summary>
    public IReadOnlyList<string> NeededCapabilities =>
    [
        .. tags.Where(t => t.StartsWith(Needs, StringComparison.Ordinal)).Select(t => t[Needs.Length..]),
        .. GpuTag switch { null => (string[])[], "fleet" => [CapabilityDetector.Gpu, CapabilityDetector.OwnFleet], "shared" or "slice" => [CapabilityDetector.SharedGpu], _ => [CapabilityDetector.Gpu, CapabilityDetector.WorkloadImage] },
    ];

    /// <summary>The control that it proves: <c>@control:ID</c>; null for none.</summary>
    public string? Control => tags.FirstOrDefault(t => t.StartsWith(ControlTag, StringComparison.Ordinal))?[ControlTag.Length..];

    /// <summary>The drill that it plays: <c>@drill:NAME</c>; null for none.</summary>
    public string? Drill => tags.FirstOrDefault(t => t.StartsWith(Runbook.Tag, StringComparison.Ordinal))?[Runbook.Tag.Length..];

    private string? GpuTag => tags.FirstOrDefault(t => t.StartsWith(Gpus, StringComparison.Ordinal))?[Gpus.Length..];

    /// <summary>Whether its pods have slices of the GPU that tenants share: <c>@gpus:shared</c>, <c>@gpus:slice</c>.</summary>
    public bool AsksForTheSharedGpu => FillsTheSharedGpu || GpuTag == "slice";

    /// <summary>Whether they may fill it, so that no other scenario may have a slice at that time.</summary>
    public bool FillsTheSharedGpu => GpuTag == "shared";

    /// <summary>How many GPUs of the real node, or parts of the shared GPU, its pods hold at most; <c>node</c>, <c>fleet</c> and <c>shared</c> mean all of them.</summary>
    /// <param name="capacity">How many there are.</param>
    public int GpusOf(int capacity) => GpuTag switch
    {
        null => 0,
        "slice" => 1,
        "node" or "fleet" or "shared" => capacity,
        var number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture),
    };
}
