using System.Globalization;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Engine;
using DotNet.Testcontainers.Networks;

namespace DotNet.Testcontainers.Builders;

/// <summary>Describes a container. Builders do not change: each call returns a new one.</summary>
public abstract class ContainerBuilder<TBuilderEntity, TContainerEntity, TConfigurationEntity>
    where TBuilderEntity : ContainerBuilder<TBuilderEntity, TContainerEntity, TConfigurationEntity>
    where TContainerEntity : IContainer
    where TConfigurationEntity : IContainerConfiguration
{
    private protected ContainerBuilder(ContainerConfiguration configuration) => Configuration = configuration;

    private protected ContainerConfiguration Configuration { get; }

    /// <summary>Makes the container's object; the container itself is made by its StartAsync.</summary>
    /// <exception cref="DockerUnavailableException">No engine answers.</exception>
    public abstract TContainerEntity Build();

    public TBuilderEntity WithImage(string image) => With(Configuration with { Image = image });

    public TBuilderEntity WithImagePullPolicy(Func<ImageInspectResponse?, bool> imagePullPolicy) =>
        With(Configuration with { ImagePullPolicy = imagePullPolicy });

    public TBuilderEntity WithName(string name) => With(Configuration with { Name = name });

    public TBuilderEntity WithHostname(string hostname) => With(Configuration with { Hostname = hostname });

    /// <summary>Replaces the image's entry point.</summary>
    public TBuilderEntity WithEntrypoint(params string[] entrypoint) => With(Configuration with { Entrypoint = [.. entrypoint] });

    /// <summary>Appends to the command.</summary>
    public TBuilderEntity WithCommand(params string[] command) =>
        With(Configuration with { Command = Configuration.Command.AddRange(command) });

    public TBuilderEntity WithEnvironment(string name, string value) =>
        With(Configuration with { Environments = Configuration.Environments.SetItem(name, value) });

    public TBuilderEntity WithEnvironment(IReadOnlyDictionary<string, string> environments) =>
        With(Configuration with { Environments = Configuration.Environments.SetItems(environments) });

    /// <summary>Publishes a TCP port at the same or at a free port of the host.</summary>
    public TBuilderEntity WithPortBinding(int port, bool assignRandomHostPort = false) =>
        WithPortBinding(assignRandomHostPort ? 0 : port, port);

    /// <summary>Publishes a TCP port; 0 is any free port of the host.</summary>
    public TBuilderEntity WithPortBinding(int hostPort, int containerPort) => With(Configuration with
    {
        PortBindings = Configuration.PortBindings.SetItem(
            DockerContainer.Tcp(containerPort), hostPort == 0 ? "" : hostPort.ToString(CultureInfo.InvariantCulture)),
    });

    /// <summary>Copies a file into the container before it starts.</summary>
    public TBuilderEntity WithResourceMapping(
        byte[] resourceContent, string filePath, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644) =>
        WithFiles(new FileToCopy(resourceContent, filePath, uid, gid, fileMode));

    /// <summary>Copies a file into a folder of the container before it starts.</summary>
    public TBuilderEntity WithResourceMapping(
        FileInfo source, string target, uint uid = 0, uint gid = 0, UnixFileModes fileMode = Unix.FileMode644) =>
        WithFiles(FileToCopy.Into(target, source, source.Name, uid, gid, fileMode));

    public TBuilderEntity WithBindMount(string source, string destination) =>
        WithBindMount(source, destination, AccessMode.ReadWrite);

    public TBuilderEntity WithBindMount(string source, string destination, AccessMode accessMode) =>
        WithMount(new Mount { Type = "bind", Source = source, Target = destination, ReadOnly = accessMode == AccessMode.ReadOnly });

    public TBuilderEntity WithTmpfsMount(string destination) => WithTmpfsMount(destination, AccessMode.ReadWrite);

    public TBuilderEntity WithTmpfsMount(string destination, AccessMode accessMode) =>
        WithMount(new Mount { Type = "tmpfs", Target = destination, ReadOnly = accessMode == AccessMode.ReadOnly });

    /// <summary>Adds a network; StartAsync creates it where needed.</summary>
    public TBuilderEntity WithNetwork(INetwork network) => With(Configuration with { Networks = Configuration.Networks.Add(network) });

    public TBuilderEntity WithNetworkAliases(params string[] networkAliases) =>
        With(Configuration with { NetworkAliases = Configuration.NetworkAliases.AddRange(networkAliases) });

    public TBuilderEntity WithExtraHost(string hostname, string ipAddress) =>
        With(Configuration with { ExtraHosts = Configuration.ExtraHosts.Add($"{hostname}:{ipAddress}") });

    public TBuilderEntity WithLabel(string name, string value) =>
        With(Configuration with { Labels = Configuration.Labels.SetItem(name, value) });

    public TBuilderEntity WithLabel(IReadOnlyDictionary<string, string> labels) =>
        With(Configuration with { Labels = Configuration.Labels.SetItems(labels) });

    /// <summary>The engine removes the container as soon as it stops, its log included. Cannot be taken back.</summary>
    public TBuilderEntity WithAutoRemove(bool autoRemove) =>
        With(Configuration with { AutoRemove = Configuration.AutoRemove || autoRemove });

    /// <summary>Cannot be taken back: change HostConfig in <see cref="WithCreateParameterModifier"/> instead.</summary>
    public TBuilderEntity WithPrivileged(bool privileged) =>
        With(Configuration with { Privileged = Configuration.Privileged || privileged });

    /// <summary>Whether DisposeAsync removes the container (it never does, only stops, where the reaper is disabled).</summary>
    public TBuilderEntity WithCleanUp(bool cleanUp) => With(Configuration with { CleanUp = cleanUp });

    /// <summary>Replaces the conditions of readiness.</summary>
    public TBuilderEntity WithWaitStrategy(IWaitForContainerOS waitStrategy) =>
        With(Configuration with { WaitStrategies = [.. waitStrategy.Build()] });

    /// <summary>Replaces what is done between the start and the wait for readiness.</summary>
    public TBuilderEntity WithStartupCallback(Func<TContainerEntity, CancellationToken, Task> startupCallback) =>
        With(Configuration with { StartupCallback = (container, ct) => startupCallback((TContainerEntity)container, ct) });

    /// <summary>Adds a last change to what the container is created with.</summary>
    public TBuilderEntity WithCreateParameterModifier(Action<CreateContainerParameters> parameterModifier) =>
        With(Configuration with { ParameterModifiers = Configuration.ParameterModifiers.Add(parameterModifier) });

    private protected abstract TBuilderEntity With(ContainerConfiguration configuration);

    private TBuilderEntity WithMount(Mount mount) => With(Configuration with { Mounts = Configuration.Mounts.Add(mount) });

    private TBuilderEntity WithFiles(FileToCopy file) =>
        With(Configuration with { ResourceMappings = Configuration.ResourceMappings.Add(file) });
}
