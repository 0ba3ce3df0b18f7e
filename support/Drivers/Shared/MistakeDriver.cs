using SecuritySpecs.Fleet;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>Mistakes that scenarios make on purpose, each a file of fleet-fixtures/drills, and take back.</summary>
public sealed class MistakeDriver(ScenarioPlatform scenario)
{
    private readonly Stack<(string File, Dictionary<string, string> Values)> _made = new();
    private string? _binding;

    /// <summary>The name of the latest binding that was written by mistake.</summary>
    public string Binding => _binding ?? throw new InvalidOperationException("No step of this scenario has granted anything yet.");

    /// <summary>Grants the role of drills/role-NAME.yaml.</summary>
    /// <param name="role">The role.</param>
    /// <param name="guest">The tenant that gets it; null where a group does.</param>
    /// <param name="group">The group that gets it; null where a tenant does.</param>
    /// <param name="host">The tenant in whose namespace it holds, if the role is not for the whole cluster.</param>
    public Task GrantRoleAsync(string role, Tenant? guest, string? group, Tenant host) => MakeAsync($"role-{role}", new()
    {
        ["NAME"] = scenario.Unique(role), ["NAMESPACE"] = host.Namespace, ["GUEST_NAMESPACE"] = guest?.Namespace ?? "", ["GROUP"] = group ?? "", ["FLEET"] = GpuFleet.Namespace,
    });

    /// <summary>Grants a tenant one verb.</summary>
    /// <param name="guest">The tenant.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="resource">The resource as kubectl writes it: <c>RESOURCE[/SUBRESOURCE]</c>, with <c>.GROUP</c> outside the core group.</param>
    /// <param name="host">In whose namespace; null for the whole cluster.</param>
    public Task GrantVerbAsync(Tenant guest, string verb, string resource, Tenant? host)
    {
        var (name, group) = resource.Split('.', 2) is [var before, var after] ? (before, after) : (resource, "");
        return MakeAsync(host is null ? "verb-in-cluster" : "verb-in-namespace", new()
        {
            ["NAME"] = scenario.Unique("stray"), ["GUEST_NAMESPACE"] = guest.Namespace, ["NAMESPACE"] = host?.Namespace ?? "",
            ["VERB"] = verb, ["RESOURCE"] = name, ["API_GROUP"] = group,
        });
    }

    /// <summary>Makes the mistake of a file, <c>drills/NAME.yaml</c>.</summary>
    /// <param name="name">The file's name without folder and <c>.yaml</c>.</param>
    /// <param name="values">Values for its placeholders.</param>
    public Task MakeAsync(string name, Dictionary<string, string> values)
    {
        var file = $"drills/{name}.yaml";
        _made.Push((file, values));
        var binding = scenario.Load(file, values).Objects.LastOrDefault(o => ((string)o["kind"]!).EndsWith("RoleBinding", StringComparison.Ordinal));
        _binding = (string?)binding?["metadata"]!["name"] ?? _binding;
        return scenario.Manifests.ApplyAsync(file, values);
    }

    /// <summary>Takes the latest mistake back.</summary>
    public Task TakeBackAsync() => _made.TryPop(out var latest)
        ? scenario.Manifests.RemoveAsync(latest.File, latest.Values) : throw new InvalidOperationException("No step of this scenario has made a mistake yet.");
}
