namespace SecuritySpecs.Cluster;

/// <summary>The image of fleet-fixtures/Fleet, built where nobody has given one.</summary>
public static class FleetImage
{
    /// <summary>Fills in the image and, for a k3s container, its archive.</summary>
    /// <exception cref="EnvironmentException">It could not be built.</exception>
    public static async Task<RunOptions> EnsureAsync(RunOptions options)
    {
        if (options.Cluster != RunOptions.K3s || (options.FleetImage is not null && options.FleetArchive is not null))
            return options;
        var (image, archive) = await ImageBuilder.RunAsync(Path.Combine(options.Fixtures, "Fleet", "build-image"), "The fleet image");
        return options with { FleetImage = image, FleetArchive = archive };
    }
}
