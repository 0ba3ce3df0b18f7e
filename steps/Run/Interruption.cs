using System.Runtime.InteropServices;

namespace SecuritySpecs.Steps.Run;

/// <summary>Ctrl-C and the like: what was found out so far is written before the process ends.</summary>
public sealed class Interruption : IDisposable
{
    /// <summary>How long the report of an interrupted run waits for what is not known yet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Of a process that was interrupted.</summary>
    public const int ExitCode = 130;

    // For support/specs: the runner has other processes, whose end would take this one along before it has written anything.
    private const string File = ".tests";
    private readonly IReadOnlyList<PosixSignalRegistration> _handlers;

    /// <param name="end">Writes what there is and ends the process.</param>
    public Interruption(Action end) => _handlers =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            end();
        })),
    ];

    /// <summary>Tells which process is to be asked to end.</summary>
    /// <param name="results">The folder for results.</param>
    public static void Announce(string results)
    {
        Directory.CreateDirectory(results);
        System.IO.File.WriteAllText(Path.Combine(results, File), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var handler in _handlers)
            handler.Dispose();
    }
}
