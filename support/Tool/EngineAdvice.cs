using System.Net.Sockets;

namespace SecuritySpecs.Tool;

/// <summary>What to do where no container engine answers.</summary>
internal static class EngineAdvice
{
    private const string Socket = "/var/run/docker.sock";

    /// <summary>Whether <c>support/specs</c> has to start one before a run.</summary>
    /// <exception cref="EnvironmentException">None answers, and it cannot.</exception>
    public static async Task<bool> IsToBeStartedAsync()
    {
        if (await ContainerEngine.DescribeAsync() is not null)
            return false;
        var (canStart, advice) = Find();
        return canStart ? true : throw new EnvironmentException(advice);
    }

    /// <summary>Whether <c>support/specs</c> can start one, and what to tell.</summary>
    public static (bool CanStart, string Text) Find()
    {
        var isDebian = File.Exists("/etc/os-release") && File.ReadLines("/etc/os-release").Any(l => l.StartsWith("ID", StringComparison.Ordinal) && (l.Contains("debian", StringComparison.Ordinal) || l.Contains("ubuntu", StringComparison.Ordinal)));
        // An address that was given is the user's choice: another engine would not be found there.
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host)
            return (false, $"no container engine answers at DOCKER_HOST={host}");
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Has("flock") && Has("dockerd") && Has("docker"))
            return (true, "installed but not running: a run starts it and stops it again");
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Has("flock") && isDebian && Has("apt-get"))
            return (true, "none: a run installs the distribution's docker.io");
        if (IsForbidden())
            return (false, $"this user may not use the container engine: 'sudo usermod -aG docker {Environment.UserName}' and log in again, or run specs as root");
        const string Otherwise = "or name a cluster with --cluster KUBECONFIG";
        return (false, !isDebian ? $"no container engine answers: install and start Docker (https://docs.docker.com/engine/install), {Otherwise}"
            : Has("docker") ? $"no container engine answers: start it ('sudo systemctl start docker'; if that is missing 'sudo apt-get install docker.io'), run specs as root, {Otherwise}"
            : $"no container engine here: 'sudo apt-get install docker.io', run specs as root (it does that itself), {Otherwise}");
    }

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, program)));

    private static bool IsForbidden()
    {
        if (!File.Exists(Socket))
            return false;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AccessDenied;
        }
    }
}
