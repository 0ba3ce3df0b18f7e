using System.Runtime.InteropServices;

namespace SecuritySpecs.ClusterDns;

/// <summary>One dnsmasq.</summary>
/// <param name="arguments">What it is started with.</param>
internal sealed class Resolver(params string[] arguments)
{
    private const int Hangup = 1;
    private const int Terminate = 15;
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(5);
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
    public async Task ReloadAsync()
    {
        // In its first moments the signal would end it. What is written by now it reads when it listens to signals.
        while (!Catches(_process!, Hangup))
            await Task.Delay(s_moment);
        Signal(_process!, Hangup);
    }

    /// <summary>Ends it and starts another, for what is read at the start only.</summary>
    public async Task RestartAsync()
    {
        using var old = _process!;
        _process = null;
        Signal(old, Terminate);
        await old.WaitForExitAsync();
        Start();
    }

    // Who has ended needs no signal: true, so that nobody waits.
    private static bool Catches(Process process, int signal)
    {
        try
        {
            var caught = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(l => l.StartsWith("SigCgt:", StringComparison.Ordinal));
            return caught is null || (ulong.Parse(caught.AsSpan("SigCgt:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (signal - 1))) != 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void Signal(Process process, int signal) => _ = Kill(process.Id, signal);

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
