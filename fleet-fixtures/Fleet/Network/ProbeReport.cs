namespace SecuritySpecs.FleetProgram.Network;

/// <summary>What one probe found.</summary>
/// <param name="Target">As it was given.</param>
/// <param name="Result">
/// <c>open</c>: a connection was made, and for an URL and UDP an answer came; <c>refused</c>: nobody listens; <c>timeout</c>: no answer in
/// time, which is what a dropping policy looks like; <c>unreachable</c>: no route; <c>unresolved</c>: the name is unknown;
/// <c>closed</c>: connected, but cut off before an answer.
/// </param>
/// <param name="Status">The HTTP status, where one came.</param>
/// <param name="LatencyMs">Time until the result, in milliseconds.</param>
/// <param name="Body">The first 200 characters of the answer, where one came.</param>
/// <param name="ServedBy">Who answered, as <c>NAMESPACE/POD</c>, where a header says so.</param>
internal sealed record ProbeReport(string Target, string Result, int? Status, double LatencyMs, string? Body, string? ServedBy);
