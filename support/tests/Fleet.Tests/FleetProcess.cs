using System.Reflection;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>What a finished run of the program left.</summary>
internal sealed record FleetResult(int ExitCode, string Output, string Errors);

/// <summary>A run of the program.</summary>
internal sealed class FleetProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly string s_program = typeof(FleetProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "FleetProgram").Value!;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;

    private FleetProcess(string[] args, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [s_program, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("NODE_NAME");
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(_errors, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it printed so far.</summary>
    public string Output => Text(_output);

    /// <summary>Starts it and leaves it running.</summary>
    public static FleetProcess Start(params string[] args) => new(args, null);

    /// <inheritdoc cref="Start(string[])"/>
    public static FleetProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args) => new(args, environment);

    /// <summary>Runs it to its end.</summary>
    public static async Task<FleetResult> RunAsync(params string[] args)
    {
        await using var run = new FleetProcess(args, null);
        return await run.EndAsync();
    }

    /// <summary>Waits until it has printed a line with <paramref name="text"/>.</summary>
    public Task SaysAsync(string text) => Eventually.HoldsAsync(() => Output.Contains(text, StringComparison.Ordinal), $"'{text}' in the output", () => Output + Text(_errors));

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<FleetResult> TerminateAsync()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]);
        await kill.WaitForExitAsync();
        return await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void Keep(List<string> lines, string? line)
    {
        lock (lines)
        {
            if (line is not null)
                lines.Add(line);
        }
    }

    private static string Text(List<string> lines)
    {
        lock (lines)
            return string.Join('\n', lines);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<FleetResult> EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the program did not end within {s_patience.TotalSeconds} s; it said: {Output}{Text(_errors)}");
        }
        return new FleetResult(_process.ExitCode, Output, Text(_errors));
    }
}
