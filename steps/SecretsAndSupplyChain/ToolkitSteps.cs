using SecuritySpecs.Drivers.SecretsAndSupplyChain;
using SecuritySpecs.PlatformAudit;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>The versions of NVIDIA's container components on the GPU nodes.</summary>
[Binding]
public sealed class ToolkitSteps(ToolkitDriver toolkit)
{
    [When("the platform rolls out the image {string} to its GPU nodes")]
    public Task WhenRolledOut(string image) => toolkit.RollOutAsync(image);

    [Then("the audit of NVIDIA's components finds that {string}")]
    public async Task ThenFound(string finding) => (await toolkit.AuditAsync()).Should().Equal([toolkit.InWords(finding)], "that image was rolled out, and no other");

    [Then("the audit of NVIDIA's components finds nothing")]
    public async Task ThenNothing() => (await toolkit.AuditAsync()).Should().BeEmpty("no version is older than fleet-fixtures/{0} has it", ToolkitFixes.FileName);
}
