using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Networks;
using SecuritySpecs.OfflineCluster.Tests;

namespace SecuritySpecs.Tests;

/// <summary>What a killed run leaves on the container engine.</summary>
[TestFixture]
public sealed class LeftoversTests
{
    // A process that is not there: the first one has not started in the first second of 1970.
    private const string Dead = "1-1";

    [Test]
    public async Task Of_a_killed_run_with_two_nodes_containers_and_network_go_at_once()
    {
        var (_, image) = await OfflineImage.RequireAsync();
        var run = RunOptions.NewRunId();
        await using var network = new NetworkBuilder().WithName($"securityspecs-{run}").WithLabel(RunLabels.Run, run).WithCleanUp(false).Build();
        await network.CreateAsync();
        await using var first = await StartAsync(image, run, network);
        await using var second = await StartAsync(image, run, network);

        var removed = await Leftovers.RemoveContainersAsync();

        removed.Should().Contain(line => line.EndsWith($" of run {run}", StringComparison.Ordinal));
        (await ContainerEngine.ContainersAsync(RunLabels.Run)).Should().NotContain(c => c.Value == run);
        (await ContainerEngine.RemoveNetworksAsync(RunLabels.Run, run)).Should().Be(0, "the network went after the last of its containers");
    }

    private static async Task<IContainer> StartAsync(string image, string run, INetwork network)
    {
        var container = new ContainerBuilder(image).WithEntrypoint("sleep", "600").WithNetwork(network)
            .WithLabel(RunLabels.Run, run).WithLabel(ContainerLabels.Owner, Dead).WithCleanUp(false).Build();
        await container.StartAsync();
        return container;
    }
}
