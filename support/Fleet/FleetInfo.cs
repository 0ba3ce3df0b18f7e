using System.Text.Json.Serialization;

namespace SecuritySpecs.Fleet;

/// <summary>The GPU fleet that took part.</summary>
/// <param name="Gpus">GPUs allocatable when the fleet was ready.</param>
/// <param name="RealNodes">Nodes with a kubelet whose GPUs a device plugin hands out.</param>
/// <param name="ApiOnlyNodes">Nodes that exist for the scheduler only.</param>
/// <param name="Nodes">The nodes as the run found them at its end; null where nobody looked.</param>
public sealed record FleetInfo(
    int Gpus, IReadOnlyList<string> RealNodes, IReadOnlyList<string> ApiOnlyNodes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FleetNode>? Nodes = null);
