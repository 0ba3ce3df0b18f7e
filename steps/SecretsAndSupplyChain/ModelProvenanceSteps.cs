using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>Models that tenants' servers load, verified or not.</summary>
[Binding]
public sealed class ModelProvenanceSteps(ScenarioPlatform scenario, ModelProvenanceDriver servers)
{
    private const string Signed = "serves the model that its author signed";
    private const string Sent = "serves what it was sent";
    private const string Marked = "has the attacker's mark in it";
    private const string Waiting = "still waits after a verifier would have given up";

    [StepArgumentTransformation("(" + ModelOffer.Phrases + ")", Name = "model")]
    public static string ToModel(string phrase) => phrase;

    [StepArgumentTransformation("(" + Signed + "|" + Sent + "|" + Marked + "|" + Waiting + ")", Name = "outcome")]
    public static string ToOutcome(string words) => words;

    [When("tenant {string} serves {model}{mistake}")]
    public Task WhenServed(string tenant, string model, ManifestEdit? mistake) => servers.StartAsync(scenario[tenant], model, mistake);

    [Then("the model server of tenant {string} {outcome}")]
    public Task ThenOutcome(string tenant, string outcome) => outcome switch
    {
        Waiting => servers.AwaitWaitingAsync(scenario[tenant]),
        Marked => ShouldBeMarkedAsync(tenant),
        _ => ShouldServeAsync(tenant, outcome == Signed),
    };

    [Then("the model server of tenant {string} does not start, and its status says {string}")]
    public async Task ThenRefused(string tenant, string reason)
    {
        const string NotEvenInPart = "a refused model must not be served, not even in part, ";
        var verdict = await servers.VerdictAsync(scenario[tenant]);
        verdict.Refuses(reason).Should().BeTrue(
            "the init container should refuse the model with exit code 1 and \"{0}\", but it ended with {1} and said: {2}",
            reason, verdict.ExitCode, verdict.Message);
        verdict.Started.Should().BeFalse(NotEvenInPart + "but the server has started");
        verdict.Answer.Allowed.Should().BeFalse(NotEvenInPart + "but the server answers: {0}", verdict.Answer.Body);
    }

    private async Task ShouldServeAsync(string tenant, bool signed)
    {
        var (served, sent) = await servers.ServedAsync(scenario[tenant]);
        served.Should().Equal(signed ? await servers.SignedAsync() : sent, "it should serve these files with these digests and no others");
    }

    private async Task ShouldBeMarkedAsync(string tenant)
    {
        var (found, mark) = await servers.MarkAsync(scenario[tenant]);
        found.Should().Be(mark, "the attacker should have left it there");
    }
}
