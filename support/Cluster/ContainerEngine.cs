using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Images;
using Version = System.Version;

namespace SecuritySpecs.Cluster;

/// <summary>The container engine, for what Testcontainers does not do: images, and finding and removing what other runs left.</summary>
/// <remarks>The engine is the one that the Docker command line would use: DOCKER_HOST, the chosen context, else the machine's own.</remarks>
public static class ContainerEngine
{
    // What Testcontainers asks for where nobody says otherwise; engines before 25 refuse it.
    private static readonly Version TestcontainersApi = new(1, 44);

    private static readonly SemaphoreSlim Connecting = new(1);
    private static DockerClient? _client;

    /// <summary>The engine that answers.</summary>
    /// <returns>Null where none answers.</returns>
    public static async Task<EngineInfo?> DescribeAsync()
    {
        if (await ConnectAsync() is not { } client)
            return null;
        var version = await client.System.GetVersionAsync();
        var system = await client.System.GetSystemInfoAsync();
        return new(version.Version, version.APIVersion, system.Driver, system.CgroupVersion ?? "1");
    }

    /// <summary>Connects to the engine, and tells Testcontainers what it must know of it. Call it before anything of Testcontainers.</summary>
    /// <exception cref="EnvironmentException">None answers; the message says what to do.</exception>
    public static async Task RequireAsync()
    {
        if (await ConnectAsync() is null)
            throw new EnvironmentException("no container engine answers: install and start Docker (https://docs.docker.com/engine/install), or name a cluster with --cluster KUBECONFIG (SPECS_CLUSTER)");
    }

    /// <summary>The containers with a label, running or not: id and the label's value.</summary>
    /// <returns>None where no engine answers: then nothing of ours can run on it either.</returns>
    /// <exception cref="EnvironmentException">One answered before and does no more.</exception>
    public static async Task<IReadOnlyList<(string Id, string Value)>> ContainersAsync(string label)
    {
        if (await ConnectAsync() is not { } client)
            return [];
        try
        {
            var containers = await client.Containers.ListContainersAsync(new() { All = true, Filters = Filter("label", label) });
            return [.. containers.Select(c => (c.ID, c.Labels[label]))];
        }
        catch (HttpRequestException e)
        {
            throw new EnvironmentException($"the container engine no longer answers: {e.Message}", e);
        }
    }

    /// <summary>Whether a container runs.</summary>
    public static async Task<bool> IsRunningAsync(string id) =>
        await ConnectAsync() is { } client && await FoundAsync(() => client.Containers.InspectContainerAsync(id)) is { State.Running: true };

    /// <summary>Removes a container and its volumes, running or not; it may be gone already.</summary>
    public static async Task RemoveAsync(string idOrName)
    {
        if (await ConnectAsync() is { } client)
            await UnlessGoneAsync(() => client.Containers.RemoveContainerAsync(idOrName, new() { Force = true, RemoveVolumes = true }));
    }

    /// <summary>Removes the networks with a label whose value is given. No container may be in them any more.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> RemoveNetworksAsync(string label, string value)
    {
        if (await ConnectAsync() is not { } client)
            return 0;
        var networks = await client.Networks.ListNetworksAsync(new() { Filters = Filter("label", $"{label}={value}") });
        foreach (var network in networks)
            await UnlessGoneAsync(() => client.Networks.DeleteNetworkAsync(network.ID));
        return networks.Count;
    }

    /// <summary>Keeps what a container says, from its start until its end or this process': its own log goes with it.</summary>
    public static async Task KeepLogAsync(string id, string file)
    {
        await using var to = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1);
        try
        {
            using var log = await Client.Containers.GetContainerLogsAsync(id, new() { ShowStdout = true, ShowStderr = true, Follow = true });
            await log.CopyOutputToAsync(Stream.Null, to, to, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or DockerApiException)
        {
            // the engine has ended: there is no more to keep
        }
    }

    /// <summary>Runs a command in a container.</summary>
    /// <returns>What it printed; its errors and how it ended are of no interest.</returns>
    public static async Task<ReadOnlyMemory<byte>> OutputAsync(string id, params string[] command)
    {
        using var output = new MemoryStream();
        await ReadOutputAsync(id, output.Write, command);
        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }

    /// <summary>Runs a command in a container, and hands on what it prints, piece by piece.</summary>
    public static async Task ReadOutputAsync(string id, Action<ReadOnlySpan<byte>> take, params string[] command)
    {
        var exec = await Client.Exec.CreateContainerExecAsync(id, new() { Cmd = command, AttachStdout = true });
        using var stream = await Client.Exec.StartContainerExecAsync(exec.ID, new());
        var buffer = new byte[1 << 16];
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, CancellationToken.None) is { EOF: false } read)
            take(buffer.AsSpan(0, read.Count));
    }

    /// <summary>Runs a script of a shell in a container.</summary>
    /// <returns>What it printed, and its errors.</returns>
    public static async Task<(string Output, string Errors)> ShellAsync(string id, string script)
    {
        var exec = await Client.Exec.CreateContainerExecAsync(id, new() { Cmd = ["sh", "-c", script], AttachStdout = true, AttachStderr = true });
        using var stream = await Client.Exec.StartContainerExecAsync(exec.ID, new());
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        await stream.CopyOutputToAsync(Stream.Null, output, errors, CancellationToken.None);
        return (Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    /// <summary>Whether an image is here.</summary>
    public static async Task<bool> HasImageAsync(string reference) => await ImageIdAsync(reference) is not null;

    /// <summary>The id of an image, without <c>sha256:</c>; null where it is not here.</summary>
    public static async Task<string?> ImageIdAsync(string reference) =>
        await ConnectAsync() is { } client && await FoundAsync(() => client.Images.InspectImageAsync(reference)) is { } image ? image.ID.Split(':')[^1] : null;

    /// <summary>The images that were built here: <c>securityspecs/NAME:TAG</c>.</summary>
    public static async Task<IReadOnlyList<string>> BuiltImagesAsync()
    {
        if (await ConnectAsync() is not { } client)
            return [];
        var images = await client.Images.ListImagesAsync(new() { Filters = Filter("reference", "securityspecs/*") });
        return [.. images.SelectMany(i => i.RepoTags ?? []).Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes an image.</summary>
    /// <returns>Whether it is gone: one that a container uses stays.</returns>
    public static async Task<bool> RemoveImageAsync(string reference)
    {
        try
        {
            await Client.Images.DeleteImageAsync(reference, new());
            return true;
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
        {
            return e.StatusCode == HttpStatusCode.NotFound;
        }
    }

    /// <summary>Pulls an image, without a login.</summary>
    /// <param name="reference">For example <c>rancher/k3s:v1.30.11-k3s1</c>.</param>
    /// <param name="silence">How long the registry may say nothing.</param>
    /// <param name="tell">Takes how far it is.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="PullException">The registry refused, or stayed silent.</exception>
    public static async Task PullAsync(string reference, TimeSpan silence, Action<string> tell, CancellationToken cancel)
    {
        using var silent = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        silent.CancelAfter(silence);
        var progress = new Listener(message =>
        {
            silent.CancelAfter(silence);
            if (message.Status is { } status)
                tell($"{message.ID} {status} {message.Progress?.Current} {message.Progress?.Total}".Trim());
        });
        try
        {
            await Client.Images.CreateImageAsync(new() { FromImage = new DockerImage(reference).FullName }, null, progress, silent.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PullException($"the registry did not answer in {silence.TotalSeconds:0} s");
        }
        catch (DockerApiException e)
        {
            throw new PullException(e.ResponseBody is { Length: > 0 } body ? body : e.Message);
        }

        if (progress.Error is { } error)
            throw new PullException(error);
    }

    /// <summary>Builds an image of a folder that holds a Dockerfile.</summary>
    /// <param name="folder">The build context.</param>
    /// <param name="parameters">Tag, arguments, labels and the like.</param>
    /// <param name="tell">Takes what the builder says.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="EnvironmentException">It failed; the message is the builder's.</exception>
    public static async Task BuildAsync(string folder, ImageBuildParameters parameters, Action<string> tell, CancellationToken cancel)
    {
        using var context = new MemoryStream();
        await TarFile.CreateFromDirectoryAsync(folder, context, includeBaseDirectory: false, cancel);
        context.Position = 0;
        var said = new Queue<string>();
        var progress = new Listener(message =>
        {
            foreach (var line in (message.Stream ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                tell(line);
                said.Enqueue(line);
                if (said.Count > 20)
                    said.Dequeue();
            }
        });
        await Client.Images.BuildImageFromDockerfileAsync(parameters, context, null, null, progress, cancel);
        if (progress.Error is { } error)
            throw new EnvironmentException($"building {string.Join(", ", parameters.Tags ?? [])} failed: {error}\n{string.Join('\n', said)}");
    }

    /// <summary>Writes an image to an archive, as <c>docker save</c> does; it is there whole or not at all, readable by this user only.</summary>
    public static async Task SaveAsync(string reference, string archive, CancellationToken cancel)
    {
        var part = archive + ".part";
        try
        {
            await using (var from = await Client.Images.SaveImageAsync(reference, cancel))
            await using (var to = PrivateFile.Create(part))
                await from.CopyToAsync(to, cancel);
            File.Move(part, archive, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Removes images that have lost their name, as the stages of a build have, by a label.</summary>
    public static Task PruneAsync(string label) => Client.Images.PruneImagesAsync(new() { Filters = Filter("label", label) });

    private static DockerClient Client => _client ?? throw new InvalidOperationException($"Call {nameof(RequireAsync)} first.");

    private static async Task<DockerClient?> ConnectAsync()
    {
        await Connecting.WaitAsync();
        try
        {
            if (_client is null && await FindAsync() is { } found)
            {
                // Its reaper is an image to pull; runs are cleaned by their labels instead.
                TestcontainersSettings.ResourceReaperEnabled = false;
                // A machine may look like a container and yet run the engine itself: published ports are then at 127.0.0.1.
                if (File.Exists("/.dockerenv") && await FoundAsync(() => found.Containers.InspectContainerAsync(Environment.MachineName)) is null)
                    TestcontainersSettings.DockerHostOverride ??= "127.0.0.1";
                _client = found;
            }

            return _client;
        }
        finally
        {
            Connecting.Release();
        }
    }

    private static async Task<DockerClient?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_API_VERSION") is null && await ApiVersionAsync() is { } version && version < TestcontainersApi)
            Environment.SetEnvironmentVariable("DOCKER_API_VERSION", version.ToString());
        // Only now: it looks for the engine when it is first touched, by the version that it finds then.
        return TestcontainersSettings.OS?.DockerEndpointAuthConfig?.GetDockerClientBuilder().Build();
    }

    // By a client that names no version. Where it gets no answer (TLS, an unusual place), Testcontainers' own search decides.
    private static async Task<Version?> ApiVersionAsync()
    {
        try
        {
            using var client = new DockerClientBuilder().Build();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            return Version.Parse((await client.System.GetVersionAsync(deadline.Token)).APIVersion);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or DockerApiException or DockerConfigurationException
            or TimeoutException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<T?> FoundAsync<T>(Func<Task<T>> look)
        where T : class
    {
        T? found = null;
        await UnlessGoneAsync(async () => found = await look());
        return found;
    }

    private static async Task UnlessGoneAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (DockerApiException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // gone, or just being removed
        }
    }

    private static Dictionary<string, IDictionary<string, bool>> Filter(string name, string value) => new() { [name] = new Dictionary<string, bool> { [value] = true } };

    /// <summary>Hears an engine's messages as they come: <see cref="Progress{T}"/> hands them on later, and in any order.</summary>
    private sealed class Listener(Action<JSONMessage> heard) : IProgress<JSONMessage>
    {
        public string? Error { get; private set; }

        public void Report(JSONMessage value)
        {
            Error ??= value.Error?.Message;
            heard(value);
        }
    }
}

/// <summary>A container engine.</summary>
/// <param name="Version">Its version, for example 28.2.2.</param>
/// <param name="ApiVersion">The newest version of the API that it speaks.</param>
/// <param name="Storage">Its storage driver.</param>
/// <param name="Cgroup">The version of the control groups: 1 or 2.</param>
public sealed record EngineInfo(string Version, string ApiVersion, string Storage, string Cgroup);

/// <summary>An image could not be pulled; the message is the registry's.</summary>
public sealed class PullException(string message) : Exception(message);
