namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in controls/model-provenance.yaml.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfModelProvenance =>
    [
        ("without the verification", (m, _) => WithoutVerification(m)),
    ];

    // It takes what it gets, by a tag, too, and waits for it as long as it takes: a day is the most that it can be told.
    private static void WithoutVerification(Manifest manifest)
    {
        if (manifest.Objects[0]["spec"]?["initContainers"]?[0]?["args"] is not JsonArray arguments)
            return;
        arguments.RemoveAll(a => ((string)a!).StartsWith("--deadline=", StringComparison.Ordinal));
        arguments.Add("--deadline=86400");
        arguments.Add("--unverified");
    }
}
