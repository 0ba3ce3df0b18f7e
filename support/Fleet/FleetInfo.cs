namespace SecuritySpecs.Fleet;

/// <summary>The GPU fleet that took part.</summary>
/// <param name="Gpus">GPUs allocatable when the fleet was ready.</param>
/// <param name="RealNodes">Nodes with a kubelet whose GPUs a device plugin hands out.</param>
/// <param name="ApiOnlyNodes">Nodes that exist for the scheduler only.</param>
public sealed record FleetInfo(int Gpus, IReadOnlyList<string> RealNodes, IReadOnlyList<string> ApiOnlyNodes);
