namespace SecuritySpecs.Cluster.Images;

/// <summary>
/// The images that a run in containers needs: Kubernetes, the fleet and Prometheus. Each is the one that the caller names, else one
/// that can be pulled, else one that is built here. What was pulled or built before is found again, by its content.
/// </summary>
/// <param name="options">What the caller names.</param>
/// <param name="tell">Takes each step in plain words, as it begins and while it goes on.</param>
public sealed class RunImages(RunOptions options, Action<string> tell)
{
    /// <summary>Fills in every image and archive that the options lack; for an existing cluster there is nothing to do.</summary>
    /// <returns>The options with <see cref="RunOptions.K3sImage"/>, <see cref="RunOptions.FleetArchive"/> and the like filled in.</returns>
    /// <exception cref="EnvironmentException">No engine answers, an image that was named cannot be had, or a build failed; the message says which and why.</exception>
    public Task<RunOptions> PrepareAsync(CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The offline cluster's image and its Debian base, which the tests of both want even where scenarios run on k3s.</summary>
    /// <returns>Null, and the reason told, where they cannot be built: that takes root on Debian.</returns>
    public Task<(string Image, string Base)?> PrepareOfflineAsync(CancellationToken cancel = default) => throw new NotImplementedException();
}
