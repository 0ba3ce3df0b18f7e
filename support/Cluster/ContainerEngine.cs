using System.Diagnostics;

namespace SecuritySpecs.Cluster;

/// <summary>
/// The container engine's command line, for the little that Testcontainers does not do:
/// finding and removing what other runs left.
/// </summary>
public static class ContainerEngine
{
    /// <summary>The containers with a label, running or not: id and the label's value.</summary>
    /// <returns>None where no engine answers: then nothing of ours can run on it either.</returns>
    public static async Task<IReadOnlyList<(string Id, string Value)>> ContainersAsync(string label)
    {
        var (exit, text) = await RunAsync("ps", "-a", "--no-trunc", "--filter", $"label={label}", "--format", $"{{{{.ID}}}} {{{{.Label \"{label}\"}}}}");
        return exit != 0 ? [] : [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', 2)).Select(p => (p[0], p.ElementAtOrDefault(1) ?? ""))];
    }

    /// <summary>Whether a container runs.</summary>
    public static async Task<bool> IsRunningAsync(string id) =>
        await RunAsync("inspect", "-f", "{{.State.Running}}", id) is (0, var text) && text.Trim() == "true";

    /// <summary>Removes a container and its volumes, running or not.</summary>
    public static Task RemoveAsync(string idOrName) => RunAsync("rm", "-f", "-v", idOrName);

    /// <summary>Removes the networks with a label whose value is given.</summary>
    public static async Task RemoveNetworksAsync(string label, string value)
    {
        var (exit, text) = await RunAsync("network", "ls", "-q", "--filter", $"label={label}={value}");
        foreach (var id in exit == 0 ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
            await RunAsync("network", "rm", id);
    }

    /// <summary>Keeps what a container says from now on: its own log goes with it.</summary>
    public static void KeepLog(string id, string file)
    {
        using var follower = Process.Start("/bin/sh", ["-c", "exec \"$0\" logs -f \"$1\" >\"$2\" 2>&1", Engine, id, file]);
    }

    private static string Engine => Environment.GetEnvironmentVariable("SPECS_ENGINE") is { Length: > 0 } name ? name : "docker";

    private static async Task<(int Exit, string Text)> RunAsync(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Engine, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await error;
            await process.WaitForExitAsync();
            return (process.ExitCode, text);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (127, ""); // the command is not there
        }
    }
}
