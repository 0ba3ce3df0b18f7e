using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Engine;

namespace DotNet.Testcontainers.Containers;

/// <inheritdoc cref="IContainer"/>
public class DockerContainer : IContainer
{
    private static readonly TimeSpan PortInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PortTimeout = TimeSpan.FromSeconds(15);
    private readonly ContainerConfiguration configuration;
    private readonly SemaphoreSlim gate = new(1, 1);
    private JsonElement? inspected;
    private bool disposed;

    internal DockerContainer(ContainerConfiguration configuration) => this.configuration = configuration;

    /// <inheritdoc/>
    public DateTime CreatedTime { get; private set; }

    /// <inheritdoc/>
    public DateTime StoppedTime { get; private set; }

    /// <inheritdoc/>
    public string Id => Existing.GetProperty("Id").GetString()!;

    /// <inheritdoc/>
    public string Name => Existing.GetProperty("Name").GetString()!;

    /// <inheritdoc/>
    public string IpAddress => FirstNetwork.GetProperty("IPAddress").GetString()!;

    /// <inheritdoc/>
    public string Hostname
    {
        get
        {
            if (Settings.HostOverride is { } given)
                return given;
            if (Uri.TryCreate(Settings.DockerHost, UriKind.Absolute, out var engine) && engine.Scheme is "tcp" or "http" or "https")
                return engine.Host;
            // In a container beside this one, published ports are at the gateway, not at the loopback address.
            return inspected is not null && File.Exists("/.dockerenv")
                ? FirstNetwork.GetProperty("Gateway").GetString()!
                : "127.0.0.1";
        }
    }

    /// <inheritdoc/>
    public TestcontainersStates State =>
        inspected is { } container && Enum.TryParse<TestcontainersStates>(StateOf(container, "Status"), true, out var state)
            ? state
            : TestcontainersStates.Undefined;

    private JsonElement Existing => inspected
        ?? throw new InvalidOperationException("The container does not exist: call StartAsync first.");

    private JsonElement FirstNetwork => Existing.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().First().Value;

    /// <inheritdoc/>
    public ushort GetMappedPublicPort(int containerPort)
    {
        var port = Tcp(containerPort);
        return HostPorts(port).FirstOrDefault() is { Length: > 0 } hostPort
            ? ushort.Parse(hostPort, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"Exposed port {port} is not mapped.");
    }

    /// <inheritdoc/>
    public async Task<(string Stdout, string Stderr)> GetLogsAsync(
        DateTime since = default, DateTime until = default, bool timestampsEnabled = true, CancellationToken ct = default)
    {
        var result = await DockerCli.TryAsync(
            ["logs", .. When("--since", since), .. When("--until", until), .. timestampsEnabled ? ["--timestamps"] : Array.Empty<string>(), Id], ct);
        return result.ExitCode == 0 ? (result.Text, result.Errors) : throw result.ToException();
    }

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken ct = default)
    {
        await gate.WaitAsync(ct);
        try
        {
            await Task.WhenAll(configuration.Networks.Select(network => network.CreateAsync(ct)));
            if (inspected is null)
                await CreateAsync(ct);
            await DockerCli.RunAsync(["start", Id], ct);
            await WaitAsync(() => Task.FromResult(ArePortsPublished()), mustRun: false, PortInterval, PortTimeout, ct);
            await configuration.StartupCallback(this, ct);
            foreach (var strategy in configuration.WaitStrategies)
                await WaitAsync(() => strategy.UntilAsync(this), mustRun: true, strategy.Interval, strategy.Timeout, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken ct = default)
    {
        await gate.WaitAsync(ct);
        try
        {
            await StopExistingAsync(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task CopyAsync(
        byte[] fileContent, string filePath, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644, CancellationToken ct = default) =>
        CopyAsync([new FileToCopy(fileContent, filePath, uid, gid, fileMode)], ct);

    /// <inheritdoc/>
    public Task CopyAsync(
        FileInfo source, string target, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644, CancellationToken ct = default) =>
        CopyAsync([FileToCopy.Into(target, source, source.Name, uid, gid, fileMode)], ct);

    /// <inheritdoc/>
    public Task CopyAsync(
        DirectoryInfo source, string target, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644, CancellationToken ct = default) =>
        CopyAsync(FileToCopy.Into(target, source, uid, gid, fileMode), ct);

    /// <inheritdoc/>
    public async Task<byte[]> ReadFileAsync(string filePath, CancellationToken ct = default)
    {
        var result = await DockerCli.TryAsync(["cp", $"{Id}:{filePath}", "-"], ct);
        if (result.ExitCode == 0)
            return await Tar.ReadFileAsync(result.Output, ct);
        var failure = result.ToException();
        throw failure is DockerContainerNotFoundException
            ? new FileNotFoundException(null, Path.GetFileName(filePath), failure)
            : failure;
    }

    /// <inheritdoc/>
    public async Task<ExecResult> ExecAsync(IList<string> command, CancellationToken ct = default)
    {
        var result = await DockerCli.TryAsync(["exec", Id, .. command], ct);
        return result.IsRefusal ? throw result.ToException() : new ExecResult(result.Text, result.Errors, result.ExitCode);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsyncCore();
        GC.SuppressFinalize(this);
    }

    internal static string Tcp(int port) => FormattableString.Invariant($"{port}/tcp");

    /// <summary>Removes the container, or only stops it where the real package would leave its removal to others.</summary>
    protected virtual async ValueTask DisposeAsyncCore()
    {
        if (disposed)
            return;
        disposed = true;
        if (Settings.ReaperEnabled && configuration.CleanUp)
            await RemoveExistingAsync();
        else
            await StopExistingAsync(CancellationToken.None);
        gate.Dispose();
    }

    private static string StateOf(JsonElement container, string key) => container.GetProperty("State").GetProperty(key).ToString();

    private static IEnumerable<string> When(string option, DateTime time) => time == default
        ? []
        : [option, new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)];

    private async Task CreateAsync(CancellationToken ct)
    {
        var parameters = configuration.ToParameters();
        await PullAsync(parameters.Image, ct);
        var networks = configuration.Networks.Select(network => network.Name).ToList();
        var id = (await DockerCli.RunAsync(CreateArguments.Of(parameters, networks.FirstOrDefault(), configuration.NetworkAliases), ct)).Trim();
        await InspectAsync(id, ct);
        CreatedTime = Existing.GetProperty("Created").GetDateTime().ToUniversalTime();
        foreach (var network in networks.Skip(1))
            await DockerCli.RunAsync(["network", "connect", .. configuration.NetworkAliases.SelectMany(a => new[] { "--alias", a }), network, id], ct);
        if (!configuration.ResourceMappings.IsEmpty)
            await CopyAsync(configuration.ResourceMappings, ct);
    }

    private async Task PullAsync(string image, CancellationToken ct)
    {
        var found = await DockerCli.TryAsync(["image", "inspect", "--format", "{{.Id}}", image], ct);
        if (configuration.ImagePullPolicy(found.ExitCode == 0 ? new ImageInspectResponse { ID = found.Text.Trim() } : null))
            await DockerCli.RunAsync(["pull", "--quiet", image], ct);
    }

    private async Task InspectAsync(string id, CancellationToken ct)
    {
        using var answer = JsonDocument.Parse(await DockerCli.RunAsync(["container", "inspect", id], ct));
        inspected = answer.RootElement[0].Clone();
    }

    private bool ArePortsPublished() => configuration.PortBindings.Keys.All(port => HostPorts(port).Any());

    private IEnumerable<string> HostPorts(string port) =>
        Existing.GetProperty("NetworkSettings").GetProperty("Ports").TryGetProperty(port, out var bindings) && bindings.ValueKind == JsonValueKind.Array
            ? bindings.EnumerateArray().Select(binding => binding.GetProperty("HostPort").GetString()!)
            : [];

    /// <summary>Looks at the container, then at the condition, until it holds.</summary>
    private async Task WaitAsync(Func<Task<bool>> condition, bool mustRun, TimeSpan interval, TimeSpan timeout, CancellationToken ct)
    {
        var waited = Stopwatch.StartNew();
        while (!await IsMetAsync(condition, mustRun, ct))
        {
            if (waited.Elapsed > timeout)
                throw new TimeoutException();
            await Task.Delay(interval, ct);
        }
    }

    private async Task<bool> IsMetAsync(Func<Task<bool>> condition, bool mustRun, CancellationToken ct)
    {
        await InspectAsync(Id, ct);
        var isMet = false;
        Exception? refusal = null;
        try
        {
            isMet = await condition();
        }
        catch (DockerApiException e)
        {
            refusal = e;
        }

        if (refusal is not null || (mustRun && State == TestcontainersStates.Exited))
            await ThrowNotRunningAsync(refusal, ct);
        return isMet;
    }

    private async Task ThrowNotRunningAsync(Exception? refusal, CancellationToken ct)
    {
        var (stdout, stderr) = await GetLogsAsync(ct: ct);
        var exitCode = long.Parse(StateOf(Existing, "ExitCode"), CultureInfo.InvariantCulture);
        throw new ContainerNotRunningException(Id, stdout, stderr, exitCode, refusal);
    }

    private async Task CopyAsync(IEnumerable<FileToCopy> files, CancellationToken ct)
    {
        await using var archive = await Tar.PackAsync(files, ct);
        await DockerCli.RunAsync(["cp", "-", $"{Id}:/"], ct, archive);
    }

    private async Task StopExistingAsync(CancellationToken ct)
    {
        if (inspected is null)
            return;
        try
        {
            await DockerCli.RunAsync(["stop", Id], ct);
            await InspectAsync(Id, ct);
        }
        catch (DockerContainerNotFoundException)
        {
            inspected = null;
        }

        StoppedTime = inspected is { } container
            ? DateTime.Parse(StateOf(container, "FinishedAt"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal)
            : DateTime.UtcNow;
    }

    private async Task RemoveExistingAsync()
    {
        if (inspected is null)
            return;
        var result = await DockerCli.TryAsync(["rm", "--force", "--volumes", Id], CancellationToken.None);
        // A container with AutoRemove may be on its way out already.
        if (result.ExitCode != 0 && !result.Errors.Contains("already in progress", StringComparison.Ordinal))
        {
            var failure = result.ToException();
            if (failure is not DockerContainerNotFoundException)
                throw failure;
        }

        inspected = null;
    }
}
