using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Asks something as anybody whom features name.</summary>
public sealed class Actors(
    ScenarioPlatform scenario, RightsDriver rights, PersonaDriver personas, TelemetryDriver telemetry, EscalationDriver escalation, Thief thief)
{
    /// <summary>Makes a request in somebody's name.</summary>
    public async Task<Attempt> TryAsync(Actor actor, Request request)
    {
        var who = await LoginAsync(actor);
        if (TelemetryRequest.Find(request.Phrase) is { } about)
            return await about.TryAsync(who!, who!.Api, await telemetry.SiteAsync());
        var whose = (request.Whose ?? actor.Tenant) is { } name ? scenario[name] : scenario.Tenants.Any;
        if (request.Phrase == EndpointDriver.PointService)
            return await EndpointDriver.TryLeadAsync(scenario[actor.Tenant!], whose);
        return await TenantRequest.Of(request.Phrase).TryAsync(who, who?.Api ?? scenario.Admin, whose);
    }

    /// <summary>Makes every request of a table, and has each answer judged by both oracles.</summary>
    /// <returns>The rows that do not hold.</returns>
    public async Task<IReadOnlyList<string>> WrongAsync(Actor actor, IEnumerable<AccessRow> rows)
    {
        await LoginAsync(actor);
        var checks = await AccessCheck.AllAsync(rows, row => TryAsync(actor, new(row.Action, row.Of == "the platform" ? null : row.Of)));
        scenario.Note(actor.Name, $"{checks.Count(c => c.IsRight)} of {checks.Count} rows hold, by the request and by the review", AccessCheck.Grid(actor.Name, checks));
        return [.. checks.Where(c => !c.IsRight).Select(c => c.ToString())];
    }

    /// <summary>The rights that somebody holds, those that the specification wants him to have, and those of the default account beside his.</summary>
    public async Task<(string Control, IReadOnlyList<string> Held, IReadOnlyList<string> Wanted, IReadOnlyList<string> OfDefault)> RightsAsync(Actor actor)
    {
        if (actor.Persona is { } persona)
            return (persona.Control, await personas.OwnRightsAsync(persona), personas.WantedRights(persona), await personas.OfDefaultAccountAsync(persona));
        var root = scenario.Platform.Options.Root;
        if (actor.Watcher is { } watcher)
        {
            var (held, ofDefault) = await telemetry.RightsAsync(watcher);
            return (TelemetryDriver.Control, held, RightsTable.Of(root, watcher.Phrase), ofDefault);
        }

        var tenant = scenario[actor.Tenant ?? throw new ArgumentException($"features/rights.yaml does not say what {actor.Name} may do.")];
        return ("tenant", await rights.OwnRightsAsync(tenant.Developer, tenant.Namespace), RightsTable.Of(root, Persona.Developer),
            await rights.OfDefaultAccountAsync(tenant.Namespace, tenant.Namespace));
    }

    /// <summary>Where somebody's account is, and what it is called.</summary>
    public async Task<(string Namespace, string Account)> AccountAsync(Actor actor) => actor.Persona is { } persona ? personas.AccountOf(persona)
        : actor.Watcher is { } watcher ? ((await telemetry.SiteAsync()).Monitoring, watcher.Account)
        : (scenario[actor.Tenant ?? throw new ArgumentException($"{actor.Name} has no account here.")].Namespace, Tenant.ServiceAccount);

    /// <summary>The user name that the API server knows somebody by.</summary>
    /// <exception cref="ArgumentException">It is the cluster admin, whose name is the cluster's own.</exception>
    public async Task<string> UserAsync(Actor actor) =>
        (await LoginAsync(actor))?.User ?? throw new ArgumentException($"Nobody here knows the user name of {actor.Name}.");

    // Null is the cluster admin.
    private async Task<Identity?> LoginAsync(Actor actor) => actor switch
    {
        { Tenant: { } tenant } => scenario[tenant].Developer,
        { Persona: { } persona } => await personas.LoginAsync(persona),
        { Watcher: { } watcher } => await telemetry.LoginAsync(watcher),
        { Name: Actor.Thief } => thief.Identity,
        { Name: Actor.Stranger } => await escalation.StrangerAsync(),
        _ => null,
    };
}
