namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in what network policies are about.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfFences =>
    [
        ("with the pods of policy {string} chosen by the label {string} set to {string}",
            (m, a) => PolicyOf(m, a[0])["podSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [a[1]] = a[2] } }),
    ];
}
