using SecuritySpecs.Drivers.Shared;

namespace SecuritySpecs.Rbac;

/// <summary>Rights given away by mistake, each by a file of fleet-fixtures/drills; one mistake at a time.</summary>
/// <param name="scenario">The scenario.</param>
public sealed class StrayRights(ScenarioPlatform scenario)
{
    private readonly string _name = scenario.Unique("stray");
    private string? _file;
    private string? _binding;
    private RightGrant? _found;

    /// <summary>The name of the binding by which the mistake works.</summary>
    public string Binding => _binding ?? throw new InvalidOperationException("No step of this scenario has given a right away yet.");

    /// <summary>What the analysis found of it.</summary>
    public RightGrant Found
    {
        get => _found ?? throw new InvalidOperationException("No step of this scenario has found anything yet.");
        set => _found = value;
    }

    /// <summary>Gives a tenant one verb.</summary>
    /// <param name="guest">The tenant.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="resource">The resource as kubectl writes it: <c>RESOURCE[/SUBRESOURCE]</c>, with <c>.GROUP</c> outside the core group.</param>
    /// <param name="host">In whose namespace; null for the whole cluster.</param>
    public Task GiveAsync(Tenant guest, string verb, string resource, Tenant? host)
    {
        var dot = resource.IndexOf('.', StringComparison.Ordinal);
        var values = new Dictionary<string, string>
        {
            ["NAME"] = _name, ["GUEST_NAMESPACE"] = guest.Namespace, ["VERB"] = verb,
            ["RESOURCE"] = dot < 0 ? resource : resource[..dot], ["API_GROUP"] = dot < 0 ? "" : resource[(dot + 1)..],
        };
        if (host is not null)
            values["NAMESPACE"] = host.Namespace;
        return BreakAsync(host is null ? "drills/stray-right.yaml" : "drills/stray-right-next-door.yaml", _name, values);
    }

    /// <summary>Binds a group to a role that reads the secrets of a tenant.</summary>
    public Task OpenDoorAsync(string group, Tenant host) =>
        BreakAsync("drills/open-door.yaml", "open-door", new() { ["GROUP"] = group, ["NAMESPACE"] = host.Namespace });

    /// <summary>Gives a tenant an aggregated role that holds nothing dangerous.</summary>
    public Task GiveDashboardAsync(Tenant guest) => BreakAsync("drills/dashboard-role.yaml", _name, new() { ["NAME"] = _name, ["GUEST_NAMESPACE"] = guest.Namespace });

    /// <summary>Adds a right to the aggregated role.</summary>
    public Task AddPluginAsync() => BreakAsync("drills/hidden-right.yaml", _name, new() { ["NAME"] = _name });

    /// <summary>Takes the latest mistake back.</summary>
    public Task TakeBackAsync() => scenario.RepairAsync(_file ?? throw new InvalidOperationException("No step of this scenario has given a right away yet."));

    private Task BreakAsync(string file, string binding, Dictionary<string, string> values)
    {
        (_file, _binding) = (file, binding);
        return scenario.BreakAsync(file, values);
    }
}
