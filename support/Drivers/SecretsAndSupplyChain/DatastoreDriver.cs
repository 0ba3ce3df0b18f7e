using SecuritySpecs.Cluster.ControlPlane;
using SecuritySpecs.Drivers.Shared;
using SecuritySpecs.Drivers.Shared.Requests;
using SecuritySpecs.Secrets;

namespace SecuritySpecs.Drivers.SecretsAndSupplyChain;

/// <summary>The files of the cluster's datastore, and what controls/encryption-at-rest.yaml has encrypted in them.</summary>
public sealed class DatastoreDriver(ScenarioPlatform scenario)
{
    private Datastore Files => scenario.Platform.Datastore ?? throw new InvalidOperationException("This scenario needs the capability control-plane-files, and its tags do not say so.");

    /// <summary>Whether the files hold one of several texts.</summary>
    /// <param name="what">What the texts are, in words.</param>
    /// <param name="texts">The texts; they are not told to anybody.</param>
    public async Task<bool> HoldsAsync(string what, params string[] texts)
    {
        var (found, bytes) = await Files.SearchAsync(texts);
        scenario.Note("a copy of the datastore's files", $"{bytes} bytes: {what} {(found ? "is" : "is not")} among them");
        return found;
    }

    /// <summary>The name of a tenant's Secret as it stands in the path of a request, and as the datastore has it.</summary>
    public static string[] NamesOfSecret(Tenant tenant) => [$"{tenant.Namespace}/secrets/{TenantRequest.Secret}", $"secrets/{tenant.Namespace}/{TenantRequest.Secret}"];

    /// <summary>How the API server stores a resource: the provider, and whether its keys are the cluster's own.</summary>
    /// <param name="resource">The resource as kubectl writes it.</param>
    /// <param name="mistake">A mistake to make in the configuration first; null for the file as it is.</param>
    /// <returns>For example <c>aescbc</c> and true; null where no key is needed.</returns>
    public (string Provider, bool? OwnKey) StoredBy(string resource, ManifestEdit? mistake)
    {
        var key = Datastore.NewKey();
        var manifest = scenario.Files.Load(Datastore.ConfigurationFile, new Dictionary<string, string> { ["KEY"] = key });
        if (mistake is not null)
            scenario.Files.Break(manifest, mistake);
        var configuration = EncryptionConfiguration.Of(manifest.Objects[0]);
        var keys = configuration.KeysOf(resource);
        return (configuration.ProviderOf(resource), keys.Count == 0 ? null : keys.All(k => k == key));
    }
}
