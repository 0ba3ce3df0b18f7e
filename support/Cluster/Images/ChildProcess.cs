using System.Runtime.InteropServices;

namespace SecuritySpecs.Cluster.Images;

/// <summary>A program that runs to its end, or ends when it is told to.</summary>
internal static partial class ChildProcess
{
    private const int Terminate = 15;
    private const int KillNow = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs a program.</summary>
    /// <param name="start">What to start; its outputs are read here.</param>
    /// <param name="output">Takes each line of its standard output.</param>
    /// <param name="errors">Takes each line of its standard error.</param>
    /// <param name="cancel">Asks it and its descendants to end (SIGTERM); what is left of them after 20 s is killed.</param>
    /// <param name="started">Takes its id.</param>
    /// <param name="askFirst">One of its descendants that is asked before all others, for their end would take it along; null for none.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="EnvironmentException">There is no such program.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, Action<string> output, Action<string> errors, CancellationToken cancel, Action<int>? started = null, Func<int?>? askFirst = null)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Start(start);
        process.StandardInput.Close();
        started?.Invoke(process.Id);
        await using var ending = cancel.Register(() => End(process, askFirst?.Invoke()));
        await Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    /// <summary>Asks a process and its descendants to end; kills those that have not after 20 s.</summary>
    /// <param name="process">The process.</param>
    /// <param name="first">A descendant that is asked first, and waited for as long; null for none.</param>
    public static void End(Process process, int? first = null)
    {
        var family = Family(process.Id);
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true); // it has no way to ask
            return;
        }

        if (first is { } descendant && family.Contains(descendant))
        {
            Kill(descendant, Terminate);
            Await(() => !IsAlive(descendant));
        }

        foreach (var member in family)
            Kill(member, Terminate);
        Await(() => !family.Any(IsAlive));
        if (!OperatingSystem.IsLinux())
            process.Kill(entireProcessTree: true);
        foreach (var member in family.Where(IsAlive))
            Kill(member, KillNow);

        bool IsAlive(int id) => OperatingSystem.IsLinux() ? Stat(id) is [not ("Z" or "X"), ..] : id == process.Id && !process.HasExited;
    }

    private static void Await(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition() && clock.Elapsed < Patience)
            Thread.Sleep(50);
    }

    /// <summary>A process and its descendants; itself alone where the system is not Linux.</summary>
    public static IReadOnlyList<int> Family(int process)
    {
        if (!OperatingSystem.IsLinux())
            return [process];
        var children = Directory.EnumerateDirectories("/proc").Select(f => int.TryParse(Path.GetFileName(f), out var id) ? id : 0)
            .Where(id => id != 0).ToLookup(id => Stat(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0);
        return [.. WithDescendants(process)];
        IEnumerable<int> WithDescendants(int id) => children[id].SelectMany(WithDescendants).Prepend(id);
    }

    // State, parent and so on, as in proc(5), behind the name; null where the process is gone.
    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
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
