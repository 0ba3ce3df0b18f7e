namespace SecuritySpecs.Cluster;

/// <summary>Whether a cluster can do something could not be found out. That is no "it cannot": the run ends with an error.</summary>
/// <param name="capability">What was asked.</param>
/// <param name="cause">What happened instead of an answer.</param>
public sealed class UndeterminedException(string capability, Exception cause)
    : Exception($"Whether this cluster has {capability} could not be found out: {Told(cause)}", cause)
{
    /// <summary>What was asked.</summary>
    public string Capability { get; } = capability;

    // With its causes: an HttpRequestException alone says nothing.
    private static string Told(Exception e) => e.InnerException is { } cause ? $"{e.Message} Caused by: {Told(cause)}" : e.Message;
}
