namespace Specs.Tests;

/// <summary>Containers on this machine's engine, as the Docker command line lists them.</summary>
internal static class Containers
{
    /// <summary>The ids of a run's containers, running or not.</summary>
    public static string[] OfRun(string run) => Command
        .Run("docker", new Dictionary<string, string?>(), "ps", "--all", "--quiet", "--filter", $"label=security.specs/run={run}")
        .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
