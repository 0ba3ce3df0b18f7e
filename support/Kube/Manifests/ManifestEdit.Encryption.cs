namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in what the API server encrypts.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfEncryption =>
    [
        ("with the provider {string} in the first place", (m, a) => Providers(m, a[0]).ForEach(p => Move(p, 0))),
        ("without the provider {string}", (m, a) => Providers(m, a[0]).ForEach(Detach)),
        ("with the key {string}", (m, a) => Providers(m, "aescbc").ForEach(p => p["aescbc"]!["keys"]![0]!["secret"] = a[0])),
    ];

    private static List<JsonObject> Providers(Manifest manifest, string name) =>
        [.. Encrypted(manifest).SelectMany(e => e["providers"]!.AsArray()).Select(p => p!.AsObject()).Where(p => p.ContainsKey(name))];

    private static IEnumerable<JsonObject> Encrypted(Manifest manifest) =>
        manifest.Objects.Where(o => (string?)o["kind"] == "EncryptionConfiguration").SelectMany(o => o["resources"]!.AsArray()).Select(r => r!.AsObject());

    private static void Move(JsonObject item, int place)
    {
        var list = item.Parent!.AsArray();
        list.Remove(item);
        list.Insert(place, item);
    }
}
