namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in what network policies are about.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfFences =>
    [
        ("with the selector {string} in policy {string}",
            (m, a) => PolicyOf(m, a[1])["podSelector"] = new JsonObject { ["matchLabels"] = Label(a[0]) }),
    ];

    // NAME=VALUE, as kubectl writes it.
    private static JsonObject Label(string text) => text.Split('=', 2) is [var name, var value]
        ? new() { [name] = value } : throw new ArgumentException($"\"{text}\" is no label; write NAME=VALUE.");
}
