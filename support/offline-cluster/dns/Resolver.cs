using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SecuritySpecs.ClusterDns;

/// <summary>One dnsmasq.</summary>
/// <param name="arguments">What it is started with.</param>
internal sealed class Resolver(params string[] arguments)
{
    private const int Hangup = 1;
    private const int Terminate = 15;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    /// <summary>Done when it ends without having been told to; says how.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Starts it.</summary>
    public void Start()
    {
        var process = Process.Start("dnsmasq", ["--keep-in-foreground", "--user=root", "--pid-file=", "--log-facility=-", .. arguments]);
        _process = process;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) =>
        {
            if (process == _process) _ended.TrySetResult($"dnsmasq has ended with {process.ExitCode}");
        };
    }

    /// <summary>Lets it read hosts and servers again.</summary>
    public void Reload() => Signal(_process!, Hangup);

    /// <summary>Ends it and starts another, for what is read at the start only.</summary>
    public async Task RestartAsync()
    {
        using var old = _process!;
        _process = null;
        Signal(old, Terminate);
        await old.WaitForExitAsync();
        Start();
    }

    private static void Signal(Process process, int signal) => _ = Kill(process.Id, signal);

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
