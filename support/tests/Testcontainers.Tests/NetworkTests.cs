using DotNet.Testcontainers.Builders;
using FluentAssertions;
using NUnit.Framework;
using static TestcontainersContract.ContainerEngine;

namespace TestcontainersContract;

[TestFixture]
internal sealed class NetworkTests
{
    [Test]
    public async Task Containers_of_a_network_find_each_other_by_alias()
    {
        var image = RequirePlainImage();
        var name = $"{RunId}-net";
        await using var network = new NetworkBuilder().WithName(name).WithLabel(Label, RunId).Build();
        var early = () => network.Name;
        early.Should().Throw<InvalidOperationException>();
        await using (var server = Idle(image).WithNetwork(network).WithNetworkAliases("server", "api").WithAutoRemove(true).Build())
        await using (var client = Idle(image).WithNetwork(network).WithAutoRemove(true).Build())
        {
            // The first start creates the network.
            await server.StartAsync();
            await client.StartAsync();
            (await ShellAsync(client, "getent hosts api")).Should().StartWith(server.IpAddress);
        }

        network.Name.Should().Be(name);
        Run("network", "inspect", "--format", $"{{{{index .Labels \"{Label}\"}}}}", name).Output.Should().Be(RunId);
        await network.DeleteAsync();
        Run("network", "inspect", name).ExitCode.Should().NotBe(0);
    }
}
