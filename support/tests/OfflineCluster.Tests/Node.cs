namespace SecuritySpecs.OfflineCluster.Tests;

/// <summary>A container of the offline image, started as an engine without CAP_SYS_RESOURCE allows; gone when disposed.</summary>
internal sealed partial class Node(string name) : IAsyncDisposable
{
    private const string Ready = "Node controller sync successful";

    private static readonly string[] Rights =
    [
        "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
        "--security-opt", "systempaths=unconfined", "--device", "/dev/kmsg", "--device-cgroup-rule", "a *:* rwm", "--cgroupns", "host",
        "--volume", "/sys/fs/cgroup:/sys/fs/cgroup", "--tmpfs", "/run", "--tmpfs", "/var/run",
    ];

    public string Name => name;

    /// <summary>Starts the container.</summary>
    /// <param name="image">The image's tag.</param>
    /// <param name="options">More options of <c>docker run</c>.</param>
    /// <param name="arguments">What follows the image.</param>
    public Task Start(string image, IEnumerable<string> options, params string[] arguments) =>
        Engine(["run", "--detach", "--name", name, "--hostname", name, "--publish", "127.0.0.1::6443", .. Rights, .. options, image, .. arguments]);

    /// <summary>Waits until the line that callers of k3s wait for is there so many times; each boot prints it once.</summary>
    public async Task AwaitReady(int boots = 1) => await Shell.Await(
        $"{name} Ready, boot {boots}",
        async () =>
        {
            if (await State("{{.State.Running}}") != "true") throw new InvalidOperationException($"{name} has ended: {await Log()}");
            return Regex.Count(await Log(), Ready) >= boots ? "" : null;
        },
        Log);

    public async Task<string> Log() => (await Shell.Run("docker", ["logs", name])).Error;

    public Task<string> State(string format) => Engine(["inspect", "--format", format, name]);

    /// <summary>Runs a command in the container.</summary>
    public Task<string> Exec(params string[] command) => Engine(["exec", name, .. command]);

    /// <summary>A client with the kubeconfig that the container wrote, on the port that the host sees.</summary>
    public async Task<Api> Api()
    {
        var port = (await Engine(["port", name, "6443/tcp"])).Split(':')[^1];
        var kubeconfig = LocalPort().Replace(await Exec("cat", "/etc/rancher/k3s/k3s.yaml"), $"https://127.0.0.1:{port}");
        return new Api(new MemoryStream(Encoding.UTF8.GetBytes(kubeconfig)));
    }

    public async ValueTask DisposeAsync() => await Shell.Run("docker", ["rm", "--force", "--volumes", name]);

    /// <summary>A docker command that must succeed; its output without the last line break.</summary>
    public static async Task<string> Engine(IEnumerable<string> arguments)
    {
        var outcome = await Shell.Run("docker", arguments, seconds: 60);
        return outcome.ExitCode == 0
            ? outcome.Output.TrimEnd()
            : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {outcome.Error}");
    }

    [GeneratedRegex("https://127.0.0.1:6443")]
    private static partial Regex LocalPort();
}
