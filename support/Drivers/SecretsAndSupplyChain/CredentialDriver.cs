using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>Credentials that tenants leave in their objects, made up for the scenario, and the audit that finds them.</summary>
public sealed class CredentialDriver(ScenarioPlatform scenario, TenantObjectsDriver objects)
{
    private readonly Lazy<IReadOnlyList<SecretRule>> _rules = new(() => SecretRules.Read(scenario.Platform.Options.Fixtures));

    /// <summary>The ids of all rules.</summary>
    public IEnumerable<string> Rules => _rules.Value.Select(r => r.Id);

    /// <summary>Leaves a credential somewhere, as the tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="rule">The id of the rule that finds such a credential.</param>
    /// <param name="place">Where.</param>
    /// <returns>The credential, which no report will hold.</returns>
    public async Task<string> LeaveAsync(Tenant tenant, string rule, CredentialPlace place)
    {
        var sample = Draw(rule);
        if (place.IsAPod)
        {
            await tenant.Pods.AddAsync(place.Name, PodFactory.PlainPod, Placement.Nowhere, pod => place.Leave(pod, sample));
            return sample.Value;
        }

        var map = new JsonObject();
        place.Leave(map, sample);
        await TenantObjectsDriver.CreateAsync(tenant, "configmaps", "ConfigMap", place.Name, map);
        return sample.Value;
    }

    /// <summary>Leaves one credential of each rule in one ConfigMap, each under the rule's id.</summary>
    public Task LeaveAllAsync(Tenant tenant) => TenantObjectsDriver.CreateAsync(tenant, "configmaps", "ConfigMap", "everything",
        new() { ["data"] = new JsonObject(Rules.Select(id => KeyValuePair.Create(id, (JsonNode?)(Draw(id) is var s ? $"{s.Variable}={s.Value}" : null)))) });

    /// <summary>Removes the object with the credential, and keeps the credential in a Secret, as the tenant.</summary>
    public async Task MoveAsync(Tenant tenant, CredentialPlace place, string value)
    {
        var path = $"/api/v1/namespaces/{tenant.Namespace}/{(place.IsAPod ? "pods" : "configmaps")}/{place.Name}";
        (await tenant.Api.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = 0 })).OrThrow();
        await scenario.Platform.Admin.AwaitGoneAsync(path);
        await objects.KeepSecretAsync(tenant.Name, value);
    }

    /// <summary>Looks through every object of a tenant, of every kind that the cluster has.</summary>
    /// <exception cref="InvalidOperationException">It has none: then nothing was looked at.</exception>
    public async Task<IReadOnlyList<SecretFinding>> AuditAsync(Tenant tenant)
    {
        var scanner = new SecretScanner(_rules.Value);
        var (found, objects) = (new List<SecretFinding>(), 0);
        foreach (var collection in await scenario.Platform.Resources.CollectionsInAsync(tenant.Namespace))
        {
            var list = await scenario.Platform.Admin.GetUnrecordedAsync(collection);
            var kind = ((string)list.OrThrow().Body!["kind"]!)[..^"List".Length];
            foreach (var item in list.Items)
            {
                item!["kind"] = kind; // the items of a list do not say so
                found.AddRange(scanner.Scan(item));
                objects++;
            }
        }

        if (objects == 0)
            throw new InvalidOperationException($"The audit saw no object in namespace {tenant.Namespace}, not even its ServiceAccounts.");
        scenario.Note("audit", $"{objects} objects of tenant \"{tenant.Name}\": {(found.Count == 0 ? "no credential" : string.Join("; ", found))}");
        return found;
    }

    private SecretSample Draw(string rule)
    {
        var sample = SecretSample.Of(_rules.Value.FirstOrDefault(r => r.Id == rule)
            ?? throw new ArgumentException($"fleet-fixtures/{SecretRules.FileName} has no rule \"{rule}\"; there are: {string.Join(", ", Rules)}."), Random.Shared);
        scenario.Platform.Redactor.Add(sample.Value);
        return sample;
    }
}
