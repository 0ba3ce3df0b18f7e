using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.RbacAndQuotas;

/// <summary>The personas around one tenant of a scenario, each with a short-lived token of his own.</summary>
public sealed class PersonaDriver(ScenarioPlatform scenario, ControlDriver controls, RightsDriver rights)
{
    private static readonly TimeSpan InForce = TimeSpan.FromSeconds(10);
    private readonly Dictionary<Persona, Identity> _loggedIn = [];
    private Tenant? _home;

    private Tenant Home => _home ?? throw new InvalidOperationException("No step of this scenario has introduced personas yet.");

    /// <summary>Introduces the personas of a tenant, by controls/personas.yaml.</summary>
    public async Task IntroduceAsync(Tenant tenant)
    {
        await controls.ApplyAsync(Persona.File, tenant);
        _home = tenant;
    }

    /// <summary>Publishes the Services of a tenant's running server, and waits until they can be called.</summary>
    public async Task PublishServicesAsync(Tenant tenant)
    {
        const string Services = "workloads/inference-services.yaml";
        await scenario.Manifests.ApplyAsync(Services, new() { ["NAMESPACE"] = tenant.Namespace });
        foreach (var service in (string[])[TenantRequest.ModelServer, TenantRequest.VectorStore])
        {
            await scenario.Manifests.AwaitInForceAsync(Services, $"service {service} to answer", () => scenario.Platform.Admin.GetUnrecordedAsync($"/api/v1/namespaces/{tenant.Namespace}/services/{service}/proxy/"),
                a => a.Allowed, a => a.ToString());
        }
    }

    /// <summary>The rights that a persona holds in his tenant's namespace beyond those that every account of the cluster has.</summary>
    public async Task<IReadOnlyList<string>> OwnRightsAsync(Persona persona) => await rights.OwnRightsAsync(await LoginAsync(persona), Home.Namespace);

    /// <summary>The rights that the specification wants a persona to have.</summary>
    public IReadOnlyList<string> WantedRights(Persona persona) => RightsTable.Of(scenario.Platform.Options.Root, persona.Phrase);

    /// <summary>The rights that the default account beside a persona's holds in the tenant's namespace. It should hold none.</summary>
    public Task<IReadOnlyList<string>> OfDefaultAccountAsync(Persona persona) => rights.OfDefaultAccountAsync(AccountOf(persona).Namespace, Home.Namespace);

    /// <summary>Where a persona's account is, and what it is called.</summary>
    public (string Namespace, string Name) AccountOf(Persona persona) => (persona.Platform ? controls.Values(Persona.File, Home)["NAME"] : Home.Namespace, persona.Account);

    /// <summary>A persona with its token, once its rights are in force: what is just bound is in force a moment later.</summary>
    public async Task<Identity> LoginAsync(Persona persona)
    {
        if (_loggedIn.TryGetValue(persona, out var known))
            return known;
        var who = persona.Phrase != Persona.Developer
            ? await scenario.LoginAsync($"the {persona.Phrase}", AccountOf(persona).Namespace, persona.Account)
            : Home.Developer;
        var given = WantedRights(persona);
        await Poll.UntilAsync($"the rights of the {persona.Phrase} to be in force", () => RightsDriver.HeldAsync(who, Home.Namespace),
            held => given.All(held.Contains), held => $"missing {string.Join(", ", given.Where(g => !held.Contains(g)))}", InForce);
        return _loggedIn[persona] = who;
    }
}
