using SecuritySpecs.Drivers.NetworkBoundaries.Models;

namespace SecuritySpecs.Steps.NetworkBoundaries;

/// <summary>How much one key gets of a model server.</summary>
[Binding]
public sealed class ModelFloodSteps(ScenarioPlatform scenario, ModelFloodDriver floods)
{
    [StepArgumentTransformation("(| that (?:" + FloodVariant.Phrases + "))", Name = "variant")]
    public static FloodVariant? ToVariant(string words) => words.Length == 0 ? null : FloodVariant.Of(words[" that ".Length..]);

    [Then("a flood by the gateway of tenant {string}{variant} is answered in full")]
    public async Task ThenInFull(string tenant, FloodVariant? variant)
    {
        var outcome = await floods.FloodAsync(GatewayOf(tenant), variant);
        outcome.IsAnsweredInFull.Should().BeTrue("nothing limits it: {0}", outcome);
    }

    [Then("a flood by the gateway of tenant {string}{variant} is cut off by the rate of its key")]
    public async Task ThenCutOff(string tenant, FloodVariant? variant) => ShouldBeCutOff(await floods.FloodAsync(GatewayOf(tenant), variant));

    [Then("a flood by the second gateway of tenant {string} finds the rate of the key used up")]
    public async Task ThenUsedUp(string tenant)
    {
        var outcome = await floods.FloodAsync(GatewayOf(tenant) with { Pod = "gateway-2" });
        ShouldBeCutOff(outcome);
        outcome.Flood.LetThrough.Should().BeLessThan(outcome.Burst, "the burst went to the first gateway");
    }

    [Then("a flood by the gateway of tenant {string} through the service gets the burst of {int} servers")]
    public async Task ThenThroughTheService(string tenant, int servers)
    {
        var outcome = await floods.FloodServiceAsync(GatewayOf(tenant), servers);
        ShouldBeCutOff(outcome);
        outcome.Flood.LetThrough.Should().BeGreaterThanOrEqualTo(servers * outcome.Burst, "each server counts by itself");
    }

    [Then("a flood by the gateway of tenant {string} starves its batch client")]
    public async Task ThenStarved(string tenant)
    {
        var seen = await BesideAsync(tenant);
        seen.IsAnsweredOtherwise.Should().BeTrue("without the flood the batch client is answered in full: {0}", seen);
        seen.IsStarved.Should().BeTrue("the queue is full of the flood, so that there is no place or too long a wait: {0}", seen);
    }

    [Then("a flood by the gateway of tenant {string} does not starve its batch client")]
    public async Task ThenLeft(string tenant)
    {
        var seen = await BesideAsync(tenant);
        (seen.IsAnsweredOtherwise && seen.During.IsAnsweredInFull).Should().BeTrue("the batch client is answered in full before, during and after the flood: {0}", seen);
    }

    [Then("the gateway of tenant {string} is refused, and answered again after the wait that it is told")]
    public async Task ThenAfterTheWait(string tenant)
    {
        var (before, after) = await floods.WaitAsToldAsync(GatewayOf(tenant));
        before.Should().Match<CallOutcome>(o => o.Status == 429 && o.RetryAfter > TimeSpan.Zero, "the burst is used up: {0}", before);
        after.Status.Should().Be(200, "as long as told was waited: {0}", after);
    }

    private Task<BesideFlood> BesideAsync(string tenant) => floods.FloodBesideAsync(GatewayOf(tenant), GatewayOf(tenant) with { Pod = "batch-client" });

    private ModelClient GatewayOf(string tenant) => new(scenario[tenant], ModelKeys.Gateway, scenario[tenant]);

    private static void ShouldBeCutOff(FloodOutcome outcome) => outcome.IsCutOff.Should().BeTrue("the rate lets through what it says and refuses the rest: {0}", outcome);
}
