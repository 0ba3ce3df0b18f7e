using System.Security.Cryptography;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using k8s;
using SecuritySpecs.Cluster.ControlPlane;
using Testcontainers.K3s;

namespace SecuritySpecs.Cluster;

/// <summary>A cluster of this run's own: k3s, or the offline image that keeps its contract, in containers.</summary>
public sealed class K3sCluster : ICluster
{
    private const string ServerAlias = "k3s-server";
    private const string ImagesFolder = "/var/lib/rancher/k3s/agent/images";

    // A GPU that breaks shows in the node's status; the kubelet's own period is 10 s.
    private const string SwiftNodeStatus = "--kubelet-arg=node-status-update-frequency=2s";

    // Of the offline image: no container of a run is ever started a second time.
    private const string StateInMemory = "K3S_STATE_IN_MEMORY";

    // Twice the default: pods of scenarios that have ended are on their way out for a while. A node has some 250 addresses.
    private const string RoomForPods = "--kubelet-arg=max-pods=220";

    /// <summary>Admission plugins beyond Kubernetes' own defaults: what k3s turns on itself (a flag replaces its list), and those that pools rest on.</summary>
    public const string AdmissionPlugins = "NodeRestriction,PodNodeSelector,PodTolerationRestriction";
    private readonly RunOptions _options;
    private readonly List<IContainer> _containers = [];
    private INetwork? _network;
    private bool _privileged = true;
    private KubernetesClientConfiguration? _admin;
    private Task _log = Task.CompletedTask;

    private K3sCluster(RunOptions options) => _options = options;

    /// <inheritdoc/>
    public string Source => RunOptions.K3s;

    /// <inheritdoc/>
    public string Name => _options.K3sImage!;

    /// <inheritdoc/>
    public KubernetesClientConfiguration Admin => _admin ?? throw new InvalidOperationException("The cluster has not started.");

    /// <inheritdoc/>
    public bool EndsWithRun => !_options.Keep;

    /// <inheritdoc/>
    public string? KeptId => _options.Keep ? ServerId : null;

    /// <inheritdoc/>
    public string ServerId => _containers[0].Id;

    /// <summary>Starts a server, and an agent for each further node.</summary>
    /// <param name="options">The run; its archives of images are imported into every node.</param>
    /// <param name="nodes">Names of the nodes; the first is the server's.</param>
    /// <exception cref="EnvironmentException">No engine answers, or it cannot run the image.</exception>
    public static async Task<K3sCluster> StartAsync(RunOptions options, IReadOnlyList<string> nodes)
    {
        var cluster = new K3sCluster(options);
        try
        {
            await cluster.StartAsync(nodes);
            return cluster;
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            await cluster.DisposeAsync();
            throw new EnvironmentException($"The cluster did not start from image {options.K3sImage}: {e.Message}", e);
        }
    }

    /// <summary>Tells one configuration of the API server from another: it reads these files when it starts.</summary>
    public static string ConfigurationDigest(RunOptions options) =>
        Convert.ToHexStringLower(SHA256.HashData([.. TextOf(AuditLog.PolicyFile, options), .. TextOf(Datastore.ConfigurationFile, options)]))[..16];

    /// <summary>Stops the containers, unless the run keeps them.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_options.Keep)
            return;
        foreach (var container in Enumerable.Reverse(_containers))
            await container.DisposeAsync();
        await _log;
        if (_network is not null)
            await _network.DeleteAsync();
    }

    private async Task StartAsync(IReadOnlyList<string> nodes)
    {
        await ContainerEngine.RequireAsync();
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (nodes.Count > 1)
        {
            var network = new NetworkBuilder().WithName($"securityspecs-{_options.RunId}").WithLabel(RunLabels.Run, _options.RunId).WithCleanUp(!_options.Keep);
            _network = (_options.Keep ? network.WithLabel(ContainerLabels.Home, RunOptions.CacheFolder) : network).Build();
            await _network.CreateAsync();
        }

        var server = await StartWithPrivilegesAsync(() => Server(nodes[0], token));
        // Should it end in the middle of a run, its last words are all that tells why.
        if (Directory.Exists(_options.Results))
            _log = ContainerEngine.KeepLogAsync(server.Id, Path.Combine(_options.Results, "cluster.log"));
        foreach (var name in nodes.Skip(1))
            await StartWithPrivilegesAsync(() => Agent(name, token));

        var kubeconfig = await ((K3sContainer)server).GetKubeconfigAsync();
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(kubeconfig));
        _admin = KubernetesClientConfiguration.BuildConfigFromConfigFile(text);
        if (_options.Keep)
            KeptCluster.Remember(server.Id, kubeconfig);
    }

    private K3sContainer Server(string node, string token)
    {
        var builder = new K3sBuilder(Name)
            .WithName(ContainerName(node)).WithHostname(node)
            .WithEnvironment("K3S_TOKEN", token).WithEnvironment("K3S_NODE_NAME", node).WithEnvironment(StateInMemory, "yes")
            .WithCommand([SwiftNodeStatus, RoomForPods, $"--kube-apiserver-arg=enable-admission-plugins={AdmissionPlugins}", .. AuditLog.Arguments, .. Datastore.Arguments])
            .WithResourceMapping(TextOf(AuditLog.PolicyFile, _options), AuditLog.PolicyPath)
            .WithResourceMapping(Datastore.Configuration(_options.Manifests), Datastore.ConfigurationPath, fileMode: UnixFileModes.UserRead | UnixFileModes.UserWrite)
            .WithLabel(RunLabels.Run, _options.RunId).WithLabel(ContainerLabels.Owner, ContainerLabels.ThisProcess())
            .WithAutoRemove(!_options.Keep).WithCleanUp(!_options.Keep)
            .WithBindMount(_options.FleetArchive!, $"{ImagesFolder}/fleet.tar", AccessMode.ReadOnly)
            .WithWaitStrategy(Ready())
            .WithCreateParameterModifier(Unprivilege);
        if (_options.Keep)
            builder = builder.WithLabel(ContainerLabels.Kept, KeptCluster.Recipe(_options)).WithLabel(ContainerLabels.Home, RunOptions.CacheFolder);
        if (_network is not null)
            builder = builder.WithNetwork(_network).WithNetworkAliases(ServerAlias);
        if (_options.PrometheusArchive is { } prometheus)
            builder = builder.WithBindMount(prometheus, $"{ImagesFolder}/prometheus.tar", AccessMode.ReadOnly);
        return builder.Build();
    }

    private IContainer Agent(string node, string token)
    {
        var builder = new ContainerBuilder(Name)
            .WithName(ContainerName(node)).WithHostname(node).WithCommand("agent", SwiftNodeStatus, RoomForPods)
            .WithEnvironment("K3S_URL", $"https://{ServerAlias}:{K3sBuilder.KubeSecurePort}")
            .WithEnvironment("K3S_TOKEN", token).WithEnvironment("K3S_NODE_NAME", node).WithEnvironment(StateInMemory, "yes")
            .WithPrivileged(true).WithNetwork(_network!)
            .WithBindMount("/sys/fs/cgroup", "/sys/fs/cgroup").WithTmpfsMount("/run").WithTmpfsMount("/var/run")
            .WithLabel(RunLabels.Run, _options.RunId).WithLabel(ContainerLabels.Owner, ContainerLabels.ThisProcess())
            .WithAutoRemove(!_options.Keep).WithCleanUp(!_options.Keep)
            .WithBindMount(_options.FleetArchive!, $"{ImagesFolder}/fleet.tar", AccessMode.ReadOnly)
            .WithCreateParameterModifier(p => p.HostConfig!.CgroupnsMode = "host")
            .WithWaitStrategy(Ready())
            .WithCreateParameterModifier(Unprivilege);
        if (_options.PrometheusArchive is { } prometheus)
            builder = builder.WithBindMount(prometheus, $"{ImagesFolder}/prometheus.tar", AccessMode.ReadOnly);
        if (_options.Keep) // found by the server's container, removed with it
            builder = builder.WithLabel(ContainerLabels.Home, RunOptions.CacheFolder);
        return builder.Build();
    }

    private static byte[] TextOf(string file, RunOptions options) => Encoding.UTF8.GetBytes(options.Manifests.SourceOf(file));

    // K3sBuilder's own condition, looked at more often and not for an hour.
    private static IWaitForContainerOS Ready() => Wait.ForUnixContainer().UntilMessageIsLogged(
        "Node controller sync successful", w => w.WithInterval(TimeSpan.FromMilliseconds(200)).WithTimeout(TimeSpan.FromMinutes(3)));

    private string ContainerName(string node) => $"securityspecs-{_options.RunId}-{node}";

    /// <summary>Engines without CAP_SYS_RESOURCE refuse privileged containers; all other capabilities do as well.</summary>
    private async Task<IContainer> StartWithPrivilegesAsync(Func<IContainer> build)
    {
        var container = build();
        try
        {
            await container.StartAsync();
        }
        catch (Exception e) when (_privileged && e.ToString().Contains("unable to apply caps", StringComparison.Ordinal))
        {
            await ContainerEngine.RemoveAsync(container.Name.TrimStart('/')); // created, never ran: auto-remove does not see it
            _privileged = false;
            container = build();
            await container.StartAsync();
        }

        _containers.Add(container);
        return container;
    }

    private void Unprivilege(CreateContainerParameters parameters)
    {
        if (_privileged)
            return;
        var host = parameters.HostConfig!;
        host.Privileged = false;
        host.CapAdd = ["ALL"];
        host.CapDrop = ["SYS_RESOURCE"];
        host.SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"];
        host.MaskedPaths = [];
        host.ReadonlyPaths = [];
        host.Devices = [new DeviceMapping { PathOnHost = "/dev/kmsg", PathInContainer = "/dev/kmsg", CgroupPermissions = "rwm" }];
        host.DeviceCgroupRules = ["a *:* rwm"];
    }
}
