using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Engine;

namespace Testcontainers.K3s;

/// <summary>What a <see cref="K3sBuilder"/> has gathered.</summary>
public sealed record K3sConfiguration : ContainerConfiguration;

/// <summary>Describes a k3s server: privileged, its API at a free port of the host, ready when the nodes are watched.</summary>
public sealed class K3sBuilder : ContainerBuilder<K3sBuilder, K3sContainer, K3sConfiguration>
{
    public const ushort KubeSecurePort = 6443;
    public const ushort RancherWebhookPort = 8443;

    public K3sBuilder(string image)
        : base(Defaults(image))
    {
    }

    private K3sBuilder(ContainerConfiguration configuration)
        : base(configuration)
    {
    }

    /// <inheritdoc/>
    public override K3sContainer Build()
    {
        DockerCli.ThrowIfUnavailable();
        return new K3sContainer(Configuration);
    }

    private protected override K3sBuilder With(ContainerConfiguration configuration) => new(configuration);

    private static ContainerConfiguration Defaults(string image) => new K3sBuilder(new K3sConfiguration())
        .WithImage(image)
        .WithPrivileged(true)
        .WithPortBinding(KubeSecurePort, true)
        .WithPortBinding(RancherWebhookPort, true)
        .WithBindMount("/sys/fs/cgroup", "/sys/fs/cgroup", AccessMode.ReadWrite)
        .WithTmpfsMount("/run")
        .WithTmpfsMount("/var/run")
        .WithCommand("server", "--disable=traefik")
        .WithCreateParameterModifier(parameters => parameters.HostConfig!.CgroupnsMode = "host")
        .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Node controller sync successful"))
        .Configuration;
}
