using System.Collections.Immutable;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Engine;
using DotNet.Testcontainers.Networks;

namespace DotNet.Testcontainers.Configurations;

/// <summary>What a builder has gathered about a container.</summary>
public interface IContainerConfiguration
{
    string? Name { get; }

    string? Hostname { get; }
}

/// <inheritdoc cref="IContainerConfiguration"/>
public record ContainerConfiguration : IContainerConfiguration
{
    public string? Name { get; init; }

    public string? Hostname { get; init; }

    internal string Image { get; init; } = "";

    internal Func<ImageInspectResponse?, bool> ImagePullPolicy { get; init; } = Images.PullPolicy.Missing;

    internal ImmutableArray<string> Entrypoint { get; init; } = [];

    internal ImmutableArray<string> Command { get; init; } = [];

    internal ImmutableDictionary<string, string> Environments { get; init; } = ImmutableDictionary<string, string>.Empty;

    internal ImmutableDictionary<string, string> Labels { get; init; } = Settings.Labels.ToImmutableDictionary();

    /// <summary>Port with protocol to host port; an empty one is any free one.</summary>
    internal ImmutableDictionary<string, string> PortBindings { get; init; } = ImmutableDictionary<string, string>.Empty;

    internal ImmutableArray<Mount> Mounts { get; init; } = [];

    internal ImmutableArray<FileToCopy> ResourceMappings { get; init; } = [];

    internal ImmutableArray<INetwork> Networks { get; init; } = [];

    internal ImmutableArray<string> NetworkAliases { get; init; } = [];

    internal ImmutableArray<string> ExtraHosts { get; init; } = [];

    internal bool AutoRemove { get; init; }

    internal bool Privileged { get; init; }

    internal bool CleanUp { get; init; } = true;

    internal ImmutableArray<WaitStrategy> WaitStrategies { get; init; } = [.. Builders.Wait.ForUnixContainer().Build()];

    internal Func<IContainer, CancellationToken, Task> StartupCallback { get; init; } = (_, _) => Task.CompletedTask;

    internal ImmutableArray<Action<CreateContainerParameters>> ParameterModifiers { get; init; } = [];

    /// <summary>The parameters after all modifiers.</summary>
    internal CreateContainerParameters ToParameters()
    {
        var parameters = new CreateContainerParameters
        {
            Name = Name,
            Image = Image,
            Hostname = Hostname,
            Entrypoint = Entrypoint.IsEmpty ? null : [.. Entrypoint],
            Cmd = [.. Command],
            Env = [.. Environments.Select(pair => $"{pair.Key}={pair.Value}")],
            Labels = new Dictionary<string, string>(Labels),
            HostConfig = new HostConfig
            {
                AutoRemove = AutoRemove,
                Privileged = Privileged,
                ExtraHosts = [.. ExtraHosts],
                Mounts = [.. Mounts],
                PortBindings = PortBindings.ToDictionary(
                    pair => pair.Key, IList<PortBinding> (pair) => [new PortBinding { HostPort = pair.Value }]),
            },
        };
        foreach (var modify in ParameterModifiers)
            modify(parameters);
        return parameters;
    }
}
