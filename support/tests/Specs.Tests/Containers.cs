namespace Specs.Tests;

/// <summary>Containers on this machine's engine, as the Docker command line lists them.</summary>
internal static class Containers
{
    /// <summary>The ids of a run's containers, running or not.</summary>
    public static string[] OfRun(string run) => All("--filter", $"label=security.specs/run={run}");

    /// <summary>The ids of all containers, running or not.</summary>
    public static string[] All(params string[] filter) => Command.Run("docker", new Dictionary<string, string?>(), ["ps", "--all", "--quiet", .. filter])
        .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
