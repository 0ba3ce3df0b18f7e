using DotNet.Testcontainers.Configurations;

namespace DotNet.Testcontainers.Containers;

/// <summary>A container; it exists from StartAsync on.</summary>
public interface IContainer : IAsyncDisposable
{
    DateTime CreatedTime { get; }

    DateTime StoppedTime { get; }

    /// <exception cref="InvalidOperationException">The container does not exist.</exception>
    string Id { get; }

    /// <summary>The engine's name of it, which begins with a slash.</summary>
    /// <exception cref="InvalidOperationException">The container does not exist.</exception>
    string Name { get; }

    /// <summary>The address in its first network.</summary>
    /// <exception cref="InvalidOperationException">The container does not exist.</exception>
    string IpAddress { get; }

    /// <summary>Where its published ports are reached: see TESTCONTAINERS_HOST_OVERRIDE.</summary>
    string Hostname { get; }

    /// <summary>The state when this object last looked: after a start, a stop, and while it waits for readiness.</summary>
    TestcontainersStates State { get; }

    /// <exception cref="InvalidOperationException">The container does not exist, or the port is not published.</exception>
    ushort GetMappedPublicPort(int containerPort);

    /// <summary>The log; <paramref name="since"/> counts in whole seconds.</summary>
    Task<(string Stdout, string Stderr)> GetLogsAsync(
        DateTime since = default, DateTime until = default, bool timestampsEnabled = true, CancellationToken ct = default);

    /// <summary>Creates and starts the container and waits until it is ready.</summary>
    /// <exception cref="Docker.DotNet.DockerApiException">The engine refused.</exception>
    /// <exception cref="ContainerNotRunningException">It ended before it was ready.</exception>
    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    Task StartAsync(CancellationToken ct = default);

    Task StopAsync(CancellationToken ct = default);

    /// <summary>Copies a file into the container.</summary>
    Task CopyAsync(
        byte[] fileContent, string filePath, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644, CancellationToken ct = default);

    /// <summary>Copies a file into a folder of the container.</summary>
    Task CopyAsync(
        FileInfo source, string target, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644, CancellationToken ct = default);

    /// <summary>Copies the files below a folder into a folder of the container.</summary>
    Task CopyAsync(
        DirectoryInfo source, string target, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644, CancellationToken ct = default);

    /// <exception cref="FileNotFoundException">The container has no such file.</exception>
    Task<byte[]> ReadFileAsync(string filePath, CancellationToken ct = default);

    /// <summary>Runs a command, without a shell.</summary>
    /// <exception cref="Docker.DotNet.DockerApiException">The container does not run.</exception>
    Task<ExecResult> ExecAsync(IList<string> command, CancellationToken ct = default);
}
