using SecuritySpecs.Drivers.NetworkBoundaries;
using SecuritySpecs.Drivers.RbacAndQuotas;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Steps.Shared;

/// <summary>Asks something as anybody whom features name.</summary>
public sealed class Actors(
    ScenarioPlatform scenario, RightsDriver rights, PersonaDriver personas, TelemetryDriver telemetry, EscalationDriver escalation)
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
        return [.. checks.Where(c => !c.IsRight).Select(c => c.ToString())];
    }

    /// <summary>The rights that somebody holds at home, and those that his role in fleet-fixtures/controls gives him.</summary>
    public async Task<(string Control, IReadOnlyList<string> Held, IReadOnlyList<string> Given)> RightsAsync(Actor actor)
    {
        if (actor.Persona is { } persona)
            return (persona.Control, await personas.OwnRightsAsync(persona), personas.ReferenceRights(persona));
        var tenant = scenario[actor.Tenant ?? throw new ArgumentException($"No file gives {actor.Name} a role.")];
        return ("tenant", await rights.OwnRightsAsync(tenant.Developer, tenant.Namespace),
            rights.ReferenceRights("tenant", tenant, Tenant.ServiceAccount));
    }

    // Null is the cluster admin.
    private async Task<Identity?> LoginAsync(Actor actor) => actor switch
    {
        { Tenant: { } tenant } => scenario[tenant].Developer,
        { Persona: { } persona } => await personas.LoginAsync(persona),
        { Watcher: { } watcher } => await telemetry.LoginAsync(watcher),
        { Name: Actor.Thief } => escalation.Thief,
        { Name: Actor.Stranger } => await escalation.StrangerAsync(),
        _ => null,
    };
}
