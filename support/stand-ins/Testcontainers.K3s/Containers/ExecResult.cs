namespace DotNet.Testcontainers.Containers;

/// <summary>How a command in a container ended.</summary>
public readonly struct ExecResult(string stdout, string stderr, long? exitCode)
{
    public string Stdout { get; } = stdout;

    public string Stderr { get; } = stderr;

    public long? ExitCode { get; } = exitCode;
}
