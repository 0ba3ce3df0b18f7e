namespace SecuritySpecs.FleetProgram.Network;

/// <summary>What came of knocking at targets. Times are in milliseconds since the process began.</summary>
/// <param name="FirstTryMs">When the first of all tries began: before it, nothing is known.</param>
/// <param name="EndMs">When the last one had ended.</param>
/// <param name="Targets">Each target, in the order in which they were given.</param>
internal sealed record KnockReport(double FirstTryMs, double EndMs, IReadOnlyList<KnockResult> Targets);

/// <summary>What came of one target.</summary>
/// <param name="Target">As it was given.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Open">How often it was reached.</param>
/// <param name="FirstOpenMs">When the first try that reached it began; null where none did.</param>
/// <param name="LastOpenMs">When the last one began.</param>
internal sealed record KnockResult(string Target, int Tries, int Open, double? FirstOpenMs, double? LastOpenMs);
