using SecuritySpecs.Cluster.Images;

namespace SecuritySpecs.Tool;

/// <summary>What a run needs before its first test: images, and a machine without leftovers of killed runs.</summary>
internal static class Preparation
{
    /// <summary>Where the last run that had to prepare images has noted how long that took.</summary>
    public static string ColdRunFile => Path.Combine(RunOptions.CacheFolder, "cold-run");

    /// <summary>Finds or builds the images, and tells the test process which they are.</summary>
    /// <param name="options">The run.</param>
    /// <param name="watch">Shows each step.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The options with the images.</returns>
    public static async Task<RunOptions> PrepareImagesAsync(RunOptions options, Watch watch, CancellationToken cancel)
    {
        var told = new List<string>();
        var clock = Stopwatch.StartNew();
        options = await watch.PrepareAsync(tell => new RunImages(options, step =>
        {
            told.Add(step);
            tell(step);
        }).PrepareAsync(cancel));
        Set("SPECS_K3S_IMAGE", options.K3sImage);
        Set("SPECS_FLEET_IMAGE", options.FleetImage);
        Set("SPECS_FLEET_ARCHIVE", options.FleetArchive);
        Set("SPECS_PROMETHEUS_IMAGE", options.PrometheusImage);
        Set("SPECS_PROMETHEUS_ARCHIVE", options.PrometheusArchive);
        var took = FormattableString.Invariant($"{Run.Elapsed.TotalSeconds:0} s, of which images {clock.Elapsed.TotalSeconds:0} s");
        if (told.Count > 0)
            await File.WriteAllTextAsync(ColdRunFile, took, cancel);
        return options;
    }

    /// <summary>Removes what killed runs left behind. What cannot be removed is told, and hinders nothing.</summary>
    public static async Task SweepAsync(RunOptions options, CancellationToken cancel)
    {
        try
        {
            await CleanCommand.RemoveAsync(options, Console.Error).WaitAsync(cancel);
        }
        catch (EnvironmentException e)
        {
            await Console.Error.WriteLineAsync(
                $"specs: what an earlier run left could not all be removed ('specs clean' tries again): {e.Message}");
        }
    }

    private static void Set(string name, string? value) => Environment.SetEnvironmentVariable(name, value);
}
