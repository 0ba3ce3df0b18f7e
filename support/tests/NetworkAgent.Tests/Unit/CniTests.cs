using SecuritySpecs.NetworkAgent.Cni;

namespace SecuritySpecs.NetworkAgent.Tests.Unit;

/// <summary>What the CNI plugin hands over.</summary>
[TestFixture]
internal sealed class CniTests
{
    [Test]
    public void A_request_is_four_lines_and_the_configuration_whatever_that_has_in_it()
    {
        var request = CniRequest.Parse("ADD\nabc\n/run/netns/cni-1\nIgnoreUnknown=1;K8S_POD_NAMESPACE=x;K8S_POD_NAME=a\n{\n}\n");

        request.Should().Be(new CniRequest("ADD", "abc", "/run/netns/cni-1", "IgnoreUnknown=1;K8S_POD_NAMESPACE=x;K8S_POD_NAME=a", "{\n}\n"));
        request.Argument("K8S_POD_NAME").Should().Be("a");
        request.Argument("K8S_POD_UID").Should().BeEmpty();
        FluentActions.Invoking(() => CniRequest.Parse("ADD\nabc\n{}")).Should().Throw<CniException>().WithMessage("a request is four lines and the configuration");
    }

    [Test]
    public void A_node_s_network_is_the_one_of_its_configuration()
    {
        var network = Network("""{"type": "pod-network", "bridge": "cni0", "range": "10.42.3.0/24"}""");

        network.Should().Be(new NodeNetwork("cni0", AddressSet.Cidr("10.42.3.0/24")!.Value, 24));
        network.Gateway.Should().Be("10.42.3.1");
    }

    [TestCase("""{"bridge": "cni0"}""")]
    [TestCase("""{"bridge": "cni0", "range": "fd00::/64"}""")]
    [TestCase("""{"range": "10.42.3.0/24"}""")]
    public void A_configuration_without_bridge_or_range_gives_no_network(string configuration) =>
        FluentActions.Invoking(() => Network(configuration)).Should().Throw<CniException>().WithMessage("*names no bridge, or no range of IPv4 addresses");

    private static NodeNetwork Network(string configuration)
    {
        using var document = JsonDocument.Parse(configuration);
        return NodeNetwork.Of(document.RootElement);
    }
}
