using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SecuritySpecs.Kube;

/// <summary>A mistake in the content of a manifest, by name: what a platform team gets wrong, in the words that a feature uses.</summary>
public sealed partial class ManifestEdit
{
    /// <summary>How the name of an edit looks in a step.</summary>
    public const string Phrases = "(?:with|without) (?:the|limits) .+";

    private static readonly IReadOnlyList<(string Phrase, Regex Form, Action<Manifest, GroupCollection> Change)> Known =
    [
        ("with the verb \"V\" on \"RESOURCE[.GROUP]\"", WithVerb(), (m, a) => Rule(m, a[2].Value)["verbs"]!.AsArray().Add(a[1].Value)),
        ("with the right \"V\" on \"RESOURCE[.GROUP]\"", WithRight(), (m, a) => AddRule(m, a[1].Value, a[2].Value)),
        ("without the verb \"V\" on \"RESOURCE[.GROUP]\"", WithoutVerb(), (m, a) => Take(Rule(m, a[2].Value)["verbs"]!.AsArray(), a[1].Value)),
        ("without the rule for \"RESOURCE[.GROUP]\"", WithoutRule(), (m, a) => Detach(Rule(m, a[1].Value))),
        ("with the verb \"V\" on \"RESOURCE[.GROUP]\" in role \"R\"", WithVerbInRole(), (m, a) => Rule(m, a[2].Value, a[3].Value)["verbs"]!.AsArray().Add(a[1].Value)),
        ("with the resource \"R\" beside \"RESOURCE[.GROUP]\" in role \"R\"", WithResourceInRole(), (m, a) => Rule(m, a[2].Value, a[3].Value)["resources"]!.AsArray().Add(a[1].Value)),
        ("without the names of \"RESOURCE[.GROUP]\" in role \"R\"", WithoutNamesInRole(), (m, a) => Rule(m, a[1].Value, a[2].Value).Remove("resourceNames")),
        ("without the subjects of binding \"B\"", WithoutSubjects(), (m, a) => Bindings(m, a[1].Value).ForEach(b => b.Remove("subjects"))),
        ("with the label \"L\" set to \"V\"", WithLabel(), (m, a) => m.Objects[0]["metadata"]!["labels"]![a[1].Value] = a[2].Value),
        ("without the label \"L\"", WithoutLabel(), (m, a) => m.Objects[0]["metadata"]!["labels"]!.AsObject().Remove(a[1].Value)),
        ("without the annotation \"A\"", WithoutAnnotation(), (m, a) => m.Objects[0]["metadata"]!["annotations"]!.AsObject().Remove(a[1].Value)),
        ("without the default", WithoutDefault(), (m, _) => WithoutDefaults(m)),
        ("with limits in place of requests", LimitsForRequests(), (m, _) => LimitsInPlaceOfRequests(m)),
        .. OfAdmission,
    ];

    private readonly Action<Manifest> _change;

    private ManifestEdit(string phrase, Action<Manifest> change) => (Phrase, _change) = (phrase, change);

    /// <summary>As the feature says it.</summary>
    public string Phrase { get; }

    /// <summary>The edit of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static ManifestEdit Of(string phrase)
    {
        foreach (var (_, form, change) in Known)
        {
            if (form.Match(phrase) is { Success: true } match)
                return new(phrase, m => change(m, match.Groups));
        }

        throw new ArgumentException($"No edit is called \"{phrase}\"; there are: {string.Join("; ", Known.Select(k => k.Phrase))}.");
    }

    /// <summary>Makes the mistake.</summary>
    /// <exception cref="ArgumentException">The manifest has nothing of the kind: the edit would leave it as it is.</exception>
    public void ApplyTo(Manifest manifest)
    {
        var before = Text(manifest);
        _change(manifest);
        if (Text(manifest) == before)
            throw new ArgumentException($"fleet-fixtures/{manifest.File} \"{Phrase}\" is the file as it is: it has nothing that the edit could change.");
    }

    private static string Text(Manifest manifest) => string.Join('\n', manifest.Objects.Select(o => o.ToJsonString()));

    // The rule that names the resource, in kubectl's notation: RESOURCE, or RESOURCE.GROUP outside the core group.
    private static JsonObject Rule(Manifest manifest, string what, string? role = null)
    {
        var (resource, group) = Split(what);
        return manifest.Objects.Where(o => role is null || IsCalled(o, role)).SelectMany(o => o["rules"]?.AsArray() ?? []).Select(r => r!.AsObject())
                .FirstOrDefault(r => Has(r, "resources", resource) && Has(r, "apiGroups", group))
            ?? throw new ArgumentException($"fleet-fixtures/{manifest.File} has no rule for \"{what}\"{(role is null ? "" : $" in role \"{role}\"")}.");
    }

    // A rule of its own in the file's first role, for a resource that none of its rules names.
    private static void AddRule(Manifest manifest, string verb, string what)
    {
        var (resource, group) = Split(what);
        var rules = manifest.Objects.Select(o => o["rules"]).OfType<JsonArray>().FirstOrDefault()
            ?? throw new ArgumentException($"fleet-fixtures/{manifest.File} has no role.");
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

    private static void Take(JsonArray list, string text) => list.Remove(list.FirstOrDefault(t => (string)t! == text));

    private static void Detach(JsonObject rule) => rule.Parent!.AsArray().Remove(rule);

    private static void WithoutDefaults(Manifest manifest)
    {
        foreach (var limit in manifest.Objects[0]["spec"]!["limits"]!.AsArray())
        {
            limit!.AsObject().Remove("default");
            limit.AsObject().Remove("defaultRequest");
        }
    }

    private static void LimitsInPlaceOfRequests(Manifest manifest)
    {
        var hard = manifest.Objects[0]["spec"]!["hard"]!.AsObject();
        foreach (var (key, value) in hard.Where(h => h.Key.StartsWith("requests.", StringComparison.Ordinal)).ToList())
        {
            hard.Remove(key);
            hard["limits." + key["requests.".Length..]] = value;
        }
    }

    [GeneratedRegex("^with the verb \"(.+)\" on \"([^\"]+)\"$")]
    private static partial Regex WithVerb();

    [GeneratedRegex("^with the right \"(.+)\" on \"(.+)\"$")]
    private static partial Regex WithRight();

    [GeneratedRegex("^without the verb \"(.+)\" on \"(.+)\"$")]
    private static partial Regex WithoutVerb();

    [GeneratedRegex("^with the verb \"(.+)\" on \"(.+)\" in role \"(.+)\"$")]
    private static partial Regex WithVerbInRole();

    [GeneratedRegex("^with the resource \"(.+)\" beside \"(.+)\" in role \"(.+)\"$")]
    private static partial Regex WithResourceInRole();

    [GeneratedRegex("^without the names of \"(.+)\" in role \"(.+)\"$")]
    private static partial Regex WithoutNamesInRole();

    [GeneratedRegex("^without the subjects of binding \"(.+)\"$")]
    private static partial Regex WithoutSubjects();

    [GeneratedRegex("^without the rule for \"(.+)\"$")]
    private static partial Regex WithoutRule();

    [GeneratedRegex("^with the label \"(.+)\" set to \"(.*)\"$")]
    private static partial Regex WithLabel();

    [GeneratedRegex("^without the label \"(.+)\"$")]
    private static partial Regex WithoutLabel();

    [GeneratedRegex("^without the annotation \"(.+)\"$")]
    private static partial Regex WithoutAnnotation();

    [GeneratedRegex("^without the default$")]
    private static partial Regex WithoutDefault();

    [GeneratedRegex("^with limits in place of requests$")]
    private static partial Regex LimitsForRequests();
}
