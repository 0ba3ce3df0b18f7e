using System.Diagnostics;

namespace SecuritySpecs.Cluster;

/// <summary>A script that builds an image where it has not been built yet, and prints its reference and its archive.</summary>
internal static class ImageBuilder
{
    /// <summary>Runs it.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="what">What it builds, for the message.</param>
    /// <exception cref="EnvironmentException">It could not be built.</exception>
    public static async Task<(string Image, string Archive)> RunAsync(string script, string what)
    {
        using var process = Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var line = (await process.StandardOutput.ReadToEndAsync()).Trim();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && line.Split(' ') is [var image, var archive]
            ? (image, archive)
            : throw new EnvironmentException($"{what} could not be built; {script} said: {await error}");
    }
}
