using System.Diagnostics;

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
        var script = Path.Combine(options.Fixtures, "Fleet", "build-image");
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var line = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && line.Split(' ') is [var image, var archive]
            ? options with { FleetImage = image, FleetArchive = archive }
            : throw new EnvironmentException($"The fleet image could not be built; {script} said: {await error}");
    }
}
