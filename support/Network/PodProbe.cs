namespace SecuritySpecs.Network;

/// <summary>One attempt from inside any pod of the fleet image, made by running <c>fleet probe</c> there.</summary>
public static class PodProbe
{
    /// <summary>Tries a target.</summary>
    /// <param name="pods">The pod's namespace.</param>
    /// <param name="pod">A running pod.</param>
    /// <param name="target"><c>tcp://HOST:PORT</c> or a URL.</param>
    /// <param name="timeoutMs">How long to wait for an answer, in milliseconds.</param>
    public static async Task<Observation> ProbeAsync(this PodDriver pods, string pod, string target, int timeoutMs = 1000) => Observation.Of(
        JsonNode.Parse(await pods.RunAsync(pod, "fleet", "probe", target, "--timeout-ms", timeoutMs.ToString(CultureInfo.InvariantCulture)))!, null);
}
