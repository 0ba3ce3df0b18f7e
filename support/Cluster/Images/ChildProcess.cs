using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SecuritySpecs.Cluster.Images;

/// <summary>A program that runs to its end, or ends when it is told to.</summary>
internal static partial class ChildProcess
{
    private const int Terminate = 15;

    /// <summary>Runs a program.</summary>
    /// <param name="start">What to start; its outputs are read here.</param>
    /// <param name="output">Takes each line of its standard output.</param>
    /// <param name="errors">Takes each line of its standard error.</param>
    /// <param name="cancel">Asks it to end (SIGTERM); what is left of it after 20 s is killed.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="EnvironmentException">There is no such program.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, Action<string> output, Action<string> errors, CancellationToken cancel)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Start(start);
        process.StandardInput.Close();
        await using var ending = cancel.Register(() => End(process));
        await Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Asks a process to end; kills it and its descendants where it has not after 20 s.</summary>
    public static void End(Process process)
    {
        if (OperatingSystem.IsWindows() || Kill(process.Id, Terminate) != 0 || !process.WaitForExit(TimeSpan.FromSeconds(20)))
            process.Kill(entireProcessTree: true);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new EnvironmentException($"{start.FileName} cannot be started: {e.Message}", e);
        }
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync() is { } text)
            line(text);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
