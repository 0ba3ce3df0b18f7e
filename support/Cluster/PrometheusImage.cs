namespace SecuritySpecs.Cluster;

/// <summary>The image of Prometheus, built from Debian's package where nobody has given one.</summary>
public static class PrometheusImage
{
    // What build-image calls its own.
    private const string Debians = "securityspecs/prometheus:";

    /// <summary>Whether an image's Prometheus finds targets in Kubernetes by itself. Debian builds it without: the archive has no library for that.</summary>
    public static bool HasKubernetesDiscovery(string image) => !image.StartsWith(Debians, StringComparison.Ordinal);

    /// <summary>Fills in the image and, for a k3s container, its archive.</summary>
    /// <exception cref="EnvironmentException">It could not be built.</exception>
    public static async Task<RunOptions> EnsureAsync(RunOptions options)
    {
        if (options.Cluster != RunOptions.K3s || (options.PrometheusImage is not null && options.PrometheusArchive is not null))
            return options;
        var (image, archive) = await ImageBuilder.RunAsync(Path.Combine(options.Root, "support", "prometheus", "build-image"), "The Prometheus image");
        return options with { PrometheusImage = image, PrometheusArchive = archive };
    }
}
