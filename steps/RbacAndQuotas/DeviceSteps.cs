using SecuritySpecs.Drivers.RbacAndQuotas;

namespace SecuritySpecs.Steps.RbacAndQuotas;

/// <summary>Claims of devices.</summary>
[Binding]
public sealed class DeviceSteps(ScenarioPlatform scenario, DeviceDriver devices)
{
    [Given("the platform has the DeviceClass \"gpu\"")]
    public Task GivenAClass() => devices.AddClassAsync();

    [Given("tenant {string} may make claims of devices")]
    public Task GivenTheRight(string tenant) => devices.GrantAsync(scenario[tenant]);
}
