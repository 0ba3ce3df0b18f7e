using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Engine;

namespace DotNet.Testcontainers.Builders;

/// <summary>Describes a container of any image.</summary>
public class ContainerBuilder : ContainerBuilder<ContainerBuilder, IContainer, IContainerConfiguration>
{
    public ContainerBuilder(string image)
        : base(new ContainerConfiguration { Image = image })
    {
    }

    private ContainerBuilder(ContainerConfiguration configuration)
        : base(configuration)
    {
    }

    /// <inheritdoc/>
    public override IContainer Build()
    {
        DockerCli.ThrowIfUnavailable();
        return new DockerContainer(Configuration);
    }

    private protected override ContainerBuilder With(ContainerConfiguration configuration) => new(configuration);
}
