using SecuritySpecs.Drivers.SecretsAndSupplyChain;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>Credentials that tenants leave in objects which are no Secrets.</summary>
[Binding]
public sealed class CredentialSteps(ScenarioPlatform scenario, ScenarioState state, CredentialDriver credentials)
{
    private CredentialPlace? _place;

    [StepArgumentTransformation("(" + CredentialPlace.Phrases + ")", Name = "credentialplace")]
    public static CredentialPlace ToPlace(string phrase) => CredentialPlace.Of(phrase);

    [When("tenant {string} keeps a {string} in {credentialplace}")]
    public async Task WhenKept(string tenant, string rule, CredentialPlace place)
    {
        _place = place;
        state.SecretValues[tenant] = await credentials.LeaveAsync(scenario[tenant], rule, place);
    }

    [When("tenant {string} keeps a credential of every kind in a config map")]
    public Task WhenAllKept(string tenant) => credentials.LeaveAllAsync(scenario[tenant]);

    [When("tenant {string} moves the credential to its secret")]
    public Task WhenMoved(string tenant) => credentials.MoveAsync(scenario[tenant],
        _place ?? throw new InvalidOperationException("No step of this scenario has kept a credential anywhere."), state.SecretValues[tenant]);

    [Then("the audit finds the {string} of tenant {string} in the field {string}")]
    public async Task ThenFound(string rule, string tenant, string field) => (await credentials.AuditAsync(scenario[tenant])).Select(InWords)
        .ShouldBeExactly([$"{rule} in {field}"], "The audit should find the credential where the tenant left it, and nothing else");

    [Then("the audit finds each of these credentials of tenant {string}:")]
    public async Task ThenAllFound(string tenant, DataTable table)
    {
        var kinds = table.Rows.Select(r => r["kind"]).ToList();
        credentials.Rules.ShouldBeExactly(kinds, "The table should name every rule of fleet-fixtures/secret-rules.toml");
        (await credentials.AuditAsync(scenario[tenant])).Select(InWords).Should().Contain(kinds.Select(k => $"{k} in data.{k}"), "each is in the field of its name");
    }

    [Then("the audit finds no credential of tenant {string}")]
    public async Task ThenNone(string tenant) => (await credentials.AuditAsync(scenario[tenant])).Should().BeEmpty("what is in a Secret is where it belongs");

    private static string InWords(SecretFinding finding) => $"{finding.Rule} in {finding.Field}";
}
