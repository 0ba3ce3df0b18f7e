namespace Specs.Tests;

/// <summary>What a finished command printed and how it ended.</summary>
/// <param name="ExitCode">128 + n if signal n ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
public sealed record Outcome(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line of standard output, or nothing.</summary>
    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];
}

/// <summary>A command while it runs. Disposing ends it and its children.</summary>
public sealed class Command : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    /// <param name="file">The program.</param>
    /// <param name="environment">Variables to set, or with null to remove.</param>
    /// <param name="arguments">Its arguments.</param>
    public Command(string file, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        // A runner in the background of a shell has SIGINT ignored, and hands that on: a command under test must hear its signals.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,QUIT,TERM,HUP", file, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Runs a command to its end.</summary>
    public static Outcome Run(string file, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var command = new Command(file, environment, arguments);
        return command.Wait();
    }

    /// <summary>Sends a signal, as `kill` names it, to the command itself.</summary>
    public void Signal(string name) => Run("kill", new Dictionary<string, string?>(), $"-{name}", $"{process.Id}");

    /// <summary>Kills the command and all its descendants at once, so that none can tidy up.</summary>
    public void KillAll() => process.Kill(entireProcessTree: true);

    /// <summary>Waits for the end; fails after five minutes, or after those that are given.</summary>
    public Outcome Wait(TimeSpan? deadline = null)
    {
        if (!process.WaitForExit(deadline ?? Deadline))
            throw new TimeoutException($"{process.StartInfo.ArgumentList[1]} did not end in {deadline ?? Deadline}. It printed:\n{Printed()}");

        process.WaitForExit();
        return new Outcome(process.ExitCode, output.ToString(), errors.ToString());
    }

    /// <summary>Waits until a condition holds while the command runs.</summary>
    public void WaitUntil(string what, Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Deadline || process.HasExited)
                throw new TimeoutException($"Awaited: {what}. The command {(process.HasExited ? "has ended" : "still runs")} and printed:\n{Printed()}");

            Thread.Sleep(50);
        }
    }

    /// <summary>All that it has printed so far.</summary>
    public string Printed()
    {
        lock (output)
        {
            lock (errors)
            {
                return $"{output}{errors}";
            }
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);

        process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }
}
