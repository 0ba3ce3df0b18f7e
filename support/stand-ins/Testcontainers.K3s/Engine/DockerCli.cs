using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Docker.DotNet;
using DotNet.Testcontainers.Builders;

namespace DotNet.Testcontainers.Engine;

/// <summary>Runs the <c>docker</c> command; which engine it talks to is that command's own choice.</summary>
internal static class DockerCli
{
    private const string DaemonError = "Error response from daemon: ";
    private static readonly Lazy<string?> Unavailable = new(FindWhyUnavailable);

    /// <exception cref="DockerUnavailableException">No engine answers. Asked once per process, as in the real package.</exception>
    public static void ThrowIfUnavailable()
    {
        if (Unavailable.Value is { } why)
            throw new DockerUnavailableException($"Docker is either not running or misconfigured. Details: {why}");
    }

    /// <summary>Runs a command that must succeed and returns what it printed.</summary>
    /// <exception cref="DockerApiException">The engine refused.</exception>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken ct, Stream? input = null)
    {
        var result = await TryAsync(arguments, ct, input);
        return result.ExitCode == 0 ? result.Text : throw result.ToException();
    }

    /// <summary>Runs a command whatever its exit code.</summary>
    public static async Task<DockerResult> TryAsync(IEnumerable<string> arguments, CancellationToken ct, Stream? input = null)
    {
        using var process = Start(arguments, input is not null);
        try
        {
            using var output = new MemoryStream();
            var copied = process.StandardOutput.BaseStream.CopyToAsync(output, ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            if (input is not null)
                await FeedAsync(process, input, ct);
            await copied;
            var text = await errors;
            await process.WaitForExitAsync(ct);
            return new DockerResult(process.ExitCode, output.ToArray(), text);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static async Task FeedAsync(Process process, Stream input, CancellationToken ct)
    {
        try
        {
            await input.CopyToAsync(process.StandardInput.BaseStream, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command ended before it read everything: its exit code and errors say why.
        }
    }

    private static Process Start(IEnumerable<string> arguments, bool hasInput)
    {
        var start = new ProcessStartInfo("docker", arguments)
        {
            RedirectStandardInput = hasInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DockerUnavailableException($"The docker command cannot be started: {e.Message}", e);
        }
    }

    private static string? FindWhyUnavailable()
    {
        try
        {
            var result = Task.Run(() => TryAsync(["version", "--format", "{{.Server.Version}}"], CancellationToken.None)).GetAwaiter().GetResult();
            return result.ExitCode == 0 ? null : result.Errors.Trim();
        }
        catch (DockerUnavailableException e)
        {
            return e.Message;
        }
    }

    /// <summary>How a command ended.</summary>
    internal sealed record DockerResult(int ExitCode, byte[] Output, string Errors)
    {
        public string Text => Encoding.UTF8.GetString(Output);

        /// <summary>Whether the engine refused, as opposed to a command in a container that ended with this exit code.</summary>
        public bool IsRefusal => ExitCode != 0 && Errors.StartsWith(DaemonError, StringComparison.Ordinal);

        /// <summary>The command line hides the status code, so it is told from the message.</summary>
        public Exception ToException()
        {
            var message = Errors.Split('\n').FirstOrDefault(line => line.StartsWith(DaemonError, StringComparison.Ordinal)) is { } line
                ? line[DaemonError.Length..]
                : Errors.Trim();
            var body = JsonSerializer.Serialize(new { message });
            if (message.Contains("Cannot connect to the Docker daemon", StringComparison.Ordinal))
                return new DockerUnavailableException(message);
            if (message.Contains("No such image", StringComparison.Ordinal))
                return new DockerImageNotFoundException(HttpStatusCode.NotFound, body);
            if (message.Contains("No such container", StringComparison.Ordinal) || message.StartsWith("Could not find the file", StringComparison.Ordinal))
                return new DockerContainerNotFoundException(HttpStatusCode.NotFound, body);
            return new DockerApiException(
                message.StartsWith("Conflict", StringComparison.Ordinal) || message.EndsWith("is not running", StringComparison.Ordinal)
                    ? HttpStatusCode.Conflict
                    : HttpStatusCode.InternalServerError,
                body);
        }
    }
}
