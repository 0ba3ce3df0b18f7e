namespace SecuritySpecs.FleetProgram.Gpus;

/// <summary>A GPU as <c>fleet gpu list</c> prints it.</summary>
/// <param name="Index">Its place in the node, from 0.</param>
/// <param name="Uuid">Its UUID, which is its device id towards the kubelet.</param>
/// <param name="Health"><c>healthy</c> or <c>unhealthy</c>.</param>
internal sealed record GpuStatus(int Index, string Uuid, string Health);
