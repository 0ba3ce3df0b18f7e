using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>Tokens of ServiceAccounts.</summary>
[Binding]
public sealed partial class TokenSteps(ScenarioPlatform scenario, TokenDriver tokens)
{
    private const string Never = "never expires";
    private const string Expired = "expired an hour ago";
    private const string ApiServer = "the API server";
    private const string Registry = "the registry of tenant ";
    private const string OfAccount = "automount of the account";
    private const string OfPod = "automount of the pod";

    [StepArgumentTransformation("(" + Never + "|lasts at most \\d+ minutes)", Name = "lifetime")]
    public static string ToLifetime(string words) => words;

    [StepArgumentTransformation("(" + ApiServer + "|" + Registry + "\"[^\"]+\"|a server with the audience \"[^\"]+\")", Name = "recipient")]
    public static string ToRecipient(string words) => words;

    [StepArgumentTransformation("(" + Expired + "|expires in an hour)", Name = "expiry")]
    public static TimeSpan ToExpiry(string words) => TimeSpan.FromHours(words == Expired ? -1 : 1);

    [StepArgumentTransformation("(accepts|rejects)", Name = "acceptance")]
    public static string ToAcceptance(string word) => word;

    [When("a thief takes the token of a registry client of tenant {string}{mistake}")]
    public Task WhenTaken(string tenant, ManifestEdit? mistake) => tokens.StealAsync(scenario[tenant], mistake);

    [When("a thief takes a token of tenant {string} that {expiry}")]
    public Task WhenTaken(string tenant, TimeSpan expiry) => tokens.TakeAsync(scenario[tenant], expiry);

    [Then("the audit finds the stored token {string} of tenant {string}")]
    public Task ThenStored(string token, string tenant) => tokens.AwaitStoredAsync(scenario[tenant], token);

    [Then("the audit finds no stored token of tenant {string}")]
    public Task ThenNoneStored(string tenant) => tokens.AwaitStoredAsync(scenario[tenant]);

    [Then("the token {lifetime}")]
    public void ThenLasts(string lifetime)
    {
        var expected = lifetime == Never ? (TimeSpan?)null : TimeSpan.FromMinutes(int.Parse(Minutes().Match(lifetime).Value, CultureInfo.InvariantCulture));
        var seen = tokens.Lifetime();
        (expected is null ? seen is null : seen <= expected).Should().BeTrue("the token should be one that {0}, but it {1}", lifetime, seen is { } time ? $"lasts {time.TotalMinutes} minutes" : Never);
    }

    [Given("tenant {string} runs a registry that asks for tokens with the audience {string}")]
    public Task GivenARegistry(string tenant, string audience) => tokens.ServeAsync(scenario[tenant], audience);

    [Then("{recipient} {acceptance} the token")]
    public Task ThenShown(string recipient, string acceptance) => TokenDriver.ShowAsync(recipient,
        recipient == ApiServer ? tokens.AskAsync
        : recipient.StartsWith(Registry, StringComparison.Ordinal) ? () => tokens.AskRegistryAsync(scenario[recipient.Split('"')[1]])
        : () => tokens.ReviewAsync(recipient.Split('"')[1]), acceptance == "accepts");

    [Then("pods of tenant {string} get a token as follows:")]
    public async Task ThenGet(string tenant, DataTable table)
    {
        var seen = new List<string>();
        foreach (var row in table.Rows)
            seen.Add(InWords(row, await tokens.GetsTokenAsync(scenario[tenant], Setting(row[OfAccount]), Setting(row[OfPod])) ? "yes" : "no"));
        seen.ShouldBeExactly(table.Rows.Select(row => InWords(row, row["token"])), "A pod should get a token as the table says");
    }

    private static string InWords(DataTableRow row, string token) => $"automount of the account {row[OfAccount]}, of the pod {row[OfPod]}: token {token}";

    private static bool? Setting(string word) => word == "unset" ? null : bool.Parse(word);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Minutes();
}
