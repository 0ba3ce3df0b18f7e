namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in ValidatingAdmissionPolicies and their bindings.</content>
public sealed partial class ManifestEdit
{
    private const string InitContainers = " + (has(object.spec.initContainers) ? object.spec.initContainers : [])";

    private const string ImageVolumes = " + variables.volumes.map(v, {'place': v.name, 'image': v.image.reference, 'pull': v.image.pullPolicy})";

    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfAdmission =>
    [
        ("without the variable {string}", (m, a) => WithoutText(m, $"'{a[0]}', ", $", '{a[0]}'")),
        ("without the init containers", (m, _) => WithoutText(m, InitContainers)),
        ("without the image volumes", (m, _) => WithoutText(m, ImageVolumes)),
        ("with the registry {string}", (m, a) => Variables(m).Where(v => (string?)v["name"] == "registries").ToList().ForEach(v => v["expression"] = $"['{a[0]}']")),
        ("without the operation {string}", (m, a) => Each(m, "resourceRules", rule => Take(rule["operations"]!.AsArray(), a[0]))),
        ("without the validation of {string}", (m, a) => WithoutValidationOf(m, a[0])),
        ("without the resource {string}", (m, a) => WithoutResource(m, a[0])),
        ("with the action {string}", (m, a) => Specs(m, "validationActions").ToList().ForEach(s => s["validationActions"] = new JsonArray(a[0]))),
        ("with the failure policy {string}", (m, a) => Specs(m, "failurePolicy").ToList().ForEach(s => s["failurePolicy"] = a[0])),
    ];

    private static IEnumerable<JsonObject> Specs(Manifest manifest, string having) =>
        manifest.Objects.Select(o => o["spec"]).OfType<JsonObject>().Where(s => s[having] is not null);

    private static void Each(Manifest manifest, string list, Action<JsonObject> change)
    {
        foreach (var item in Specs(manifest, "matchConstraints").SelectMany(s => s["matchConstraints"]![list]!.AsArray()))
            change(item!.AsObject());
    }

    // Of admission policies, and of audit policies.
    private static void WithoutResource(Manifest manifest, string resource)
    {
        Each(manifest, "resourceRules", rule => Take(rule["resources"]!.AsArray(), resource));
        AuditRules(manifest).SelectMany(Audited).ToList().ForEach(list => Take(list, resource));
        Encrypted(manifest).ToList().ForEach(e => Take(e["resources"]!.AsArray(), resource));
    }

    // In what the policies' variables are made of.
    private static void WithoutText(Manifest manifest, params string[] texts)
    {
        foreach (var variable in Variables(manifest))
            variable["expression"] = texts.Aggregate((string)variable["expression"]!, (e, text) => e.Replace(text, "", StringComparison.Ordinal));
    }

    private static IEnumerable<JsonObject> Variables(Manifest manifest) =>
        Specs(manifest, "variables").SelectMany(s => s["variables"]!.AsArray()).Select(v => v!.AsObject());

    private static void WithoutValidationOf(Manifest manifest, string text)
    {
        foreach (var validations in Specs(manifest, "validations").Select(s => s["validations"]!.AsArray()))
            validations.RemoveAll(v => ((string)v!["expression"]!).Contains(text, StringComparison.Ordinal));
    }
}
