namespace SecuritySpecs.Kube.Manifests;

/// <content>Mistakes in roles and bindings. A resource is written as kubectl writes it: RESOURCE, or RESOURCE.GROUP outside the core group.</content>
public sealed partial class ManifestEdit
{
    private static IEnumerable<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> OfRoles =>
    [
        ("with the verb {string} on {string}", (m, a) => Rule(m, a[1])["verbs"]!.AsArray().Add(a[0])),
        ("with the right {string} on {string}", (m, a) => AddRule(m, a[0], a[1])),
        ("with the verb {string} on {string} in role {string}", (m, a) => Rule(m, a[1], a[2])["verbs"]!.AsArray().Add(a[0])),
        ("with the resource {string} added to {string} in role {string}", (m, a) => Rule(m, a[1], a[2])["resources"]!.AsArray().Add(a[0])),
        ("without the names of {string} in role {string}", (m, a) => Rule(m, a[0], a[1]).Remove("resourceNames")),
        ("without the subjects of binding {string}", (m, a) => Bindings(m, a[0]).ForEach(b => b.Remove("subjects"))),
    ];

    // The first rule that names the resource.
    private static JsonObject Rule(Manifest manifest, string what, string? role = null)
    {
        var (resource, group) = Split(what);
        return manifest.Objects.Where(o => role is null || IsCalled(o, role)).SelectMany(o => o["rules"]?.AsArray() ?? []).Select(r => r!.AsObject())
                .FirstOrDefault(r => Has(r, "resources", resource) && Has(r, "apiGroups", group))
            ?? throw new ArgumentException($"{manifest.Told} has no rule for \"{what}\"{(role is null ? "" : $" in role \"{role}\"")}.");
    }

    // A rule of its own in the file's first role, for a resource that none of its rules names.
    private static void AddRule(Manifest manifest, string verb, string what)
    {
        var (resource, group) = Split(what);
        var rules = manifest.Objects.Select(o => o["rules"]).OfType<JsonArray>().FirstOrDefault()
            ?? throw new ArgumentException($"{manifest.Told} has no role.");
        rules.Add(new JsonObject { ["apiGroups"] = new JsonArray(group), ["resources"] = new JsonArray(resource), ["verbs"] = new JsonArray(verb) });
    }

    private static (string Resource, string Group) Split(string what)
    {
        var dot = what.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (what, "") : (what[..dot], what[(dot + 1)..]);
    }

    private static List<JsonObject> Bindings(Manifest manifest, string name) => [.. manifest.Objects.Where(o => o["roleRef"] is not null && IsCalled(o, name))];

    // What has no namespace is called by a scenario's own name and then by its own.
    private static bool IsCalled(JsonObject @object, string name) =>
        (string)@object["metadata"]!["name"]! is var full && (full == name || full.EndsWith("-" + name, StringComparison.Ordinal));

    private static bool Has(JsonObject rule, string field, string text) => (rule[field]?.AsArray() ?? []).Any(t => (string)t! == text);
}
