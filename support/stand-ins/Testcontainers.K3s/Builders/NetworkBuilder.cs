using System.Collections.Immutable;
using DotNet.Testcontainers.Engine;
using DotNet.Testcontainers.Networks;

namespace DotNet.Testcontainers.Builders;

/// <summary>Describes a bridge network. Builders do not change: each call returns a new one.</summary>
public class NetworkBuilder
{
    private readonly string name = Guid.NewGuid().ToString("D");
    private readonly ImmutableDictionary<string, string> labels = Settings.Labels.ToImmutableDictionary();
    private readonly bool cleanUp = true;

    public NetworkBuilder()
    {
    }

    private NetworkBuilder(string name, ImmutableDictionary<string, string> labels, bool cleanUp) =>
        (this.name, this.labels, this.cleanUp) = (name, labels, cleanUp);

    public NetworkBuilder WithName(string name) => new(name, labels, cleanUp);

    public NetworkBuilder WithLabel(string name, string value) => new(this.name, labels.SetItem(name, value), cleanUp);

    /// <summary>Whether DisposeAsync removes the network (it never does where the reaper is disabled).</summary>
    public NetworkBuilder WithCleanUp(bool cleanUp) => new(name, labels, cleanUp);

    /// <exception cref="DockerUnavailableException">No engine answers.</exception>
    public INetwork Build()
    {
        DockerCli.ThrowIfUnavailable();
        return new DockerNetwork(name, labels, Settings.ReaperEnabled && cleanUp);
    }
}
