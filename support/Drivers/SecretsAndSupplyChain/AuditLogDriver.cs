using SecuritySpecs.Audit;
using SecuritySpecs.Cluster.ControlPlane;
using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>An event that a request should leave in the audit log.</summary>
/// <param name="User">The user name of whoever asks.</param>
/// <param name="Denied">Whether the request is denied.</param>
/// <param name="Verb">The verb.</param>
/// <param name="Resource">The resource as kubectl writes it.</param>
/// <param name="Level">The level; <see cref="AuditPolicy.None"/> for no event.</param>
public sealed record ExpectedEvent(string User, bool Denied, string Verb, string Resource, string Level)
{
    /// <inheritdoc/>
    public override string ToString() => $"{User}: {Verb} {Resource}, {(Denied ? "denied" : "allowed")}, at {Level}";
}

/// <summary>The audit log of the cluster, and what controls/audit-policy.yaml lets into it.</summary>
public sealed class AuditLogDriver(ScenarioPlatform scenario)
{
    // Kubernetes 1.20 writes the event about a watch when the watch has ended.
    private static readonly TimeSpan StreamsEnd = TimeSpan.FromSeconds(10);

    // Any account of a program; tenants' own are such accounts.
    private const string Account = "system:serviceaccount:tenant:developer";
    private static readonly string[] Groups = ["system:serviceaccounts", "system:serviceaccounts:tenant", "system:authenticated"];

    private AuditLog Log => scenario.Platform.AuditLog ?? throw new InvalidOperationException("This scenario needs the capability audit-log, and its tags do not say so.");

    /// <summary>Waits until the log has about a tenant's namespace what it should have.</summary>
    /// <exception cref="WaitedInVainException">It does not; the message says which events are not as expected.</exception>
    public async Task AwaitAsync(Tenant tenant, IReadOnlyList<ExpectedEvent> expected)
    {
        var policy = Policy(null);
        var (events, _) = await Poll.UntilAsync("the audit log to have the events of the table, at the levels that the policy says", async () =>
        {
            var events = (await Log.ReadAsync()).EventsIn(tenant.Namespace);
            return (Events: events, Wrong: expected.SelectMany(e => Wrong(policy, events, e)).ToList());
        }, seen => seen.Wrong.Count == 0, seen => string.Join("; ", seen.Wrong), StreamsEnd);
        scenario.Note("the audit log", $"{events.Count} events about {tenant.Namespace}");
    }

    /// <summary>Whether the log holds one of several texts.</summary>
    /// <param name="what">What the texts are, in words.</param>
    /// <param name="texts">The texts; they are not told to anybody.</param>
    public async Task<bool> HoldsAsync(string what, params string[] texts)
    {
        var log = await Log.ReadAsync();
        var found = texts.Any(log.Holds);
        scenario.Note("the audit log", $"{log.Length} bytes: {what} {(found ? "is" : "is not")} among them");
        return found;
    }

    /// <summary>The level at which the policy logs a request of a ServiceAccount.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="resource">The resource as kubectl writes it.</param>
    /// <param name="mistake">A mistake to make in the policy first; null for the file as it is.</param>
    public string LevelOf(string verb, string resource, ManifestEdit? mistake) =>
        Policy(mistake).LevelOf(new(Account, Groups, verb, AuditedResource.Of(resource), "tenant", "object"));

    private IEnumerable<string> Wrong(AuditPolicy policy, IReadOnlyList<AuditEvent> events, ExpectedEvent expected)
    {
        var resource = AuditedResource.Of(expected.Resource);
        var seen = events.Where(e => e.Request.User == expected.User && e.Request.Verb == expected.Verb && e.Request.Resource == resource).ToList();
        if (expected.Level == AuditPolicy.None)
            return seen.Count == 0 ? [] : [$"{expected}: there are {seen.Count} events"];
        var fitting = seen.Where(e => (e.Code == 403) == expected.Denied).ToList();
        if (fitting.Count == 0)
            return [$"{expected}: no such event, but {seen.Count} with other codes: {string.Join(", ", seen.Select(e => e.Code).Distinct())}"];
        return fitting.Where(e => e.Level != expected.Level || policy.LevelOf(e.Request) != e.Level).Take(1)
            .Select(e => $"{expected}: the event has the level {e.Level}, and {scenario.Files.NameOf(AuditLog.PolicyFile)} says {policy.LevelOf(e.Request)}");
    }

    private AuditPolicy Policy(ManifestEdit? mistake)
    {
        var manifest = scenario.Files.Load(AuditLog.PolicyFile, new Dictionary<string, string>());
        if (mistake is not null)
            scenario.Files.Break(manifest, mistake);
        return AuditPolicy.Of(manifest.Objects[0]);
    }
}
