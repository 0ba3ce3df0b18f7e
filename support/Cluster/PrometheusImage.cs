namespace SecuritySpecs.Cluster;

/// <summary>What differs between the images of Prometheus.</summary>
public static class PrometheusImage
{
    // What RunImages calls its own.
    private const string Debians = "securityspecs/prometheus:";

    /// <summary>Whether an image's Prometheus finds targets in Kubernetes by itself. Debian builds it without: the archive has no library for that.</summary>
    public static bool HasKubernetesDiscovery(string image) => !image.StartsWith(Debians, StringComparison.Ordinal);
}
