namespace SecuritySpecs.Kube.Manifests;

/// <summary>A mistake in the content of a manifest, by name: what a platform team gets wrong, in the words that a feature uses.</summary>
public sealed partial class ManifestEdit
{
    /// <summary>How the name of an edit looks in a step.</summary>
    public const string Phrases = "(?:with|without) (?:the|limits) .+";

    private static readonly IReadOnlyList<(string Form, Action<Manifest, IReadOnlyList<string>> Change)> All =
    [
        ("with the label {string} set to {string}", (m, a) => m.Objects[0]["metadata"]!["labels"]![a[0]] = a[1]),
        ("without the label {string}", (m, a) => m.Objects[0]["metadata"]!["labels"]!.AsObject().Remove(a[0])),
        ("without the annotation {string}", (m, a) => m.Objects[0]["metadata"]!["annotations"]!.AsObject().Remove(a[0])),
        ("without the default", (m, _) => WithoutDefaults(m)),
        ("without the limit of type {string}", (m, a) => Detach(LimitOf(m, a[0]))),
        ("without the key {string}", (m, a) => m.Objects[0]["spec"]!["hard"]!.AsObject().Remove(a[0])),
        ("without the keys of {string}", (m, a) => WithoutKeys(m.Objects[0]["spec"]!["hard"]!.AsObject(), a[0])),
        ("with limits in place of requests", (m, _) => InPlaceOfRequests(m, "limits.")),
        ("with the bare name in place of requests", (m, _) => InPlaceOfRequests(m, "")),
        ("with the scope {string}", (m, a) => m.Objects[0]["spec"]!["scopes"] = new JsonArray(a[0])),
        ("with the scope of PriorityClass {string}", (m, a) => m.Objects[0]["spec"]!["scopeSelector"] = PriorityScope(a[0])),
        .. OfWorkloads, .. OfRoles, .. OfAdmission, .. OfModelServer, .. OfModelProvenance, .. OfPolicies, .. OfFences, .. OfEgress, .. OfAudit, .. OfEncryption,
    ];

    private readonly Action<Manifest> _change;

    private ManifestEdit(string phrase, Action<Manifest> change) => (Phrase, _change) = (phrase, change);

    /// <summary>Every edit as contributors are told of it; <c>{string}</c> is something in quotes.</summary>
    public static IEnumerable<string> Forms => All.Select(e => e.Form);

    /// <summary>As the feature says it.</summary>
    public string Phrase { get; }

    /// <summary>The edit of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static ManifestEdit Of(string phrase)
    {
        foreach (var (form, change) in All)
        {
            if (Regex.Match(phrase, Pattern(form)) is { Success: true } match)
                return new(phrase, m => change(m, [.. match.Groups.Values.Skip(1).Select(g => g.Value)]));
        }

        throw new ArgumentException($"No edit is called \"{phrase}\"; there are: {string.Join("; ", Forms)}.");
    }

    /// <summary>Makes the mistake.</summary>
    /// <exception cref="ArgumentException">The manifest has nothing of the kind: the edit would leave it as it is.</exception>
    public void ApplyTo(Manifest manifest)
    {
        if (!TryApplyTo(manifest))
            throw new ArgumentException($"{manifest.Told} \"{Phrase}\" is the file as it is: it has nothing that the edit could change.");
    }

    /// <summary>Makes the mistake where it is not there yet.</summary>
    /// <returns>Whether that has changed anything.</returns>
    /// <exception cref="ArgumentException">The manifest lacks what the mistake would be in.</exception>
    public bool TryApplyTo(Manifest manifest)
    {
        var before = Text(manifest);
        _change(manifest);
        return Text(manifest) != before;
    }

    private static string Pattern(string form) => $"^{Regex.Escape(form).Replace("\\{string}", "\"([^\"]*)\"", StringComparison.Ordinal)}$";

    private static string Text(Manifest manifest) => string.Join('\n', manifest.Objects.Select(o => o.ToJsonString()));

    private static void WithoutKeys(JsonObject hard, string text)
    {
        foreach (var key in hard.Select(h => h.Key).Where(k => k.Contains(text, StringComparison.Ordinal)).ToList())
            hard.Remove(key);
    }

    private static void Take(JsonArray list, string text) => list.Remove(list.FirstOrDefault(t => (string)t! == text));

    private static void Detach(JsonObject rule) => rule.Parent!.AsArray().Remove(rule);

    private static void WithoutDefaults(Manifest manifest)
    {
        foreach (var limit in manifest.Objects.SelectMany(o => o["spec"]?["limits"]?.AsArray() ?? []))
        {
            limit!.AsObject().Remove("default");
            limit.AsObject().Remove("defaultRequest");
        }
    }

    private static JsonObject LimitOf(Manifest manifest, string type) =>
        manifest.Objects.SelectMany(o => o["spec"]?["limits"]?.AsArray() ?? []).Select(l => l!.AsObject()).FirstOrDefault(l => (string?)l["type"] == type)
            ?? throw new ArgumentException($"{manifest.Told} has no limit of type \"{type}\".");

    private static JsonObject PriorityScope(string @class) => new()
    {
        ["matchExpressions"] = new JsonArray(new JsonObject { ["scopeName"] = "PriorityClass", ["operator"] = "In", ["values"] = new JsonArray(@class) }),
    };

    private static void InPlaceOfRequests(Manifest manifest, string prefix)
    {
        var hard = manifest.Objects[0]["spec"]!["hard"]!.AsObject();
        foreach (var (key, value) in hard.Where(h => h.Key.StartsWith("requests.", StringComparison.Ordinal)).ToList())
        {
            hard.Remove(key);
            hard[prefix + key["requests.".Length..]] = value;
        }
    }
}
