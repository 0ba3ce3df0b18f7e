using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>What secrets leave behind: in the API server's audit log, and in its datastore.</summary>
[Binding]
public sealed class TraceSteps(ScenarioPlatform scenario, ScenarioState state, AuditLogDriver log, DatastoreDriver datastore)
{
    private const string Token = "the token in the answer";
    private const string Secret = "the (?:name|value) of the secret of tenant \"[^\"]+\"";
    private const string There = "is in";
    private const string AuditLog = "the audit log";

    [StepArgumentTransformation("(" + Token + "|" + Secret + ")", Name = "trace")]
    public static string ToTrace(string words) => words;

    [StepArgumentTransformation("(" + There + "|is not in)", Name = "presence")]
    public static string ToPresence(string words) => words;

    [StepArgumentTransformation("(" + AuditLog + "|the datastore)", Name = "record")]
    public static string ToStore(string words) => words;

    [Then("{trace} {presence} {record}")]
    public async Task ThenPresence(string trace, string presence, string store)
    {
        var found = await (store == AuditLog ? log.HoldsAsync(trace, TextsOf(trace)) : datastore.HoldsAsync(trace, TextsOf(trace)));
        found.Should().Be(presence == There, "{0} should{1} be in {2}", trace, presence == There ? "" : " not", store);
    }

    // A value is in base64 where the API carries it, and as it is elsewhere.
    private string[] TextsOf(string trace)
    {
        if (trace == Token)
            return [(string?)state.Attempt.Answer.Body?["status"]?["token"] ?? throw new InvalidOperationException("The latest answer holds no token.")];
        var tenant = trace.Split('"')[1];
        if (trace.StartsWith("the name", StringComparison.Ordinal))
            return DatastoreDriver.NamesOfSecret(scenario[tenant]);
        var value = state.SecretValues[tenant];
        return [value, Convert.ToBase64String(Encoding.UTF8.GetBytes(value))];
    }
}
