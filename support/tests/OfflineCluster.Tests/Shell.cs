using System.Reflection;

namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error);

/// <summary>Runs commands, each under a deadline of its own.</summary>
internal static class Shell
{
    /// <summary>The folder with the scripts under test, with a slash at its end.</summary>
    public static string OfflineCluster { get; } = typeof(Shell).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "OfflineCluster").Value!;

    /// <summary>Whether a command of this name is on the PATH.</summary>
    public static bool Has(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, command)));

    /// <summary>Starts a command; the caller ends it.</summary>
    public static Process Start(string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Waits for a started command to end.</summary>
    /// <exception cref="TimeoutException">It still ran at the deadline, and has been killed.</exception>
    public static async Task<Outcome> Finish(this Process process, int seconds = 30)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return new Outcome(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} still ran after {seconds} s");
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<Outcome> Run(string command, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, int seconds = 30)
    {
        using var process = Start(command, arguments, environment);
        return await process.Finish(seconds);
    }

    /// <summary>Asks until the answer is not null, every 50 ms.</summary>
    /// <exception cref="TimeoutException">Nothing came in time; names what was awaited and what was last seen.</exception>
    public static async Task<T> Await<T>(string what, Func<Task<T?>> ask, Func<Task<string>> lastSeen, int seconds = 30)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < seconds; await Task.Delay(50))
            if (await ask() is { } answer) return answer;
        throw new TimeoutException($"{what}: not within {seconds} s; last seen: {await lastSeen()}");
    }
}
