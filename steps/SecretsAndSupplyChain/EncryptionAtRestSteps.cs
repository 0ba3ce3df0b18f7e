using SecuritySpecs.Drivers.SecretsAndSupplyChain;

namespace SecuritySpecs.Steps.SecretsAndSupplyChain;

/// <summary>What the API server encrypts before it stores it.</summary>
[Binding]
public sealed class EncryptionAtRestSteps(DatastoreDriver datastore)
{
    [Then("the encryption configuration{mistake} stores resources as follows:")]
    public void ThenStored(ManifestEdit? mistake, DataTable table) =>
        table.Rows.Select(r => Told(r["resource"], datastore.StoredBy(r["resource"], mistake)))
            .ShouldBeExactly(table.Rows.Select(r => $"{r["resource"]}: by {r["provider"]}, key: {r["key"]}"), "The API server should store these resources so");

    private static string Told(string resource, (string Provider, bool? OwnKey) stored) =>
        $"{resource}: by {stored.Provider}, key: {stored.OwnKey switch { null => "none", true => "the cluster's own", false => "in the file" }}";
}
