using SecuritySpecs.Drivers.NetworkBoundaries;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>Where the traffic for an address goes that a Service claims.</summary>
[Binding]
public sealed class ServiceAddressSteps(ScenarioPlatform scenario, ServiceAddressDriver addresses)
{
    [Then("the report says whether the client of tenant {string} gets the answer of tenant {string} at the claimed address")]
    public Task ThenMeasured(string client, string server) => addresses.MeasureAsync($"the client of tenant \"{client}\"", scenario[server]);
}
