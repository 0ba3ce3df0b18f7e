namespace SecuritySpecs.FleetProgram.Network;

/// <summary>Targets to be tried at the same moment.</summary>
/// <param name="Targets">As <c>fleet probe</c> takes them.</param>
/// <param name="TimeoutMs">How long nobody may have answered before the rest count as silent, 1 to 60000 milliseconds.</param>
internal sealed record ProbeBatch(string[] Targets, int TimeoutMs);
