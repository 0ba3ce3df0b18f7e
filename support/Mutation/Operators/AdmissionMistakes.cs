namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in admission policies and webhooks.</summary>
internal static partial class AdmissionMistakes
{
    private static readonly string[] Policy = ["ValidatingAdmissionPolicy"];
    private static readonly string[] Binding = ["ValidatingAdmissionPolicyBinding"];
    private static readonly string[] Rules = ["ValidatingAdmissionPolicy", "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("drop-validation", Policy, "Takes a validation out of a policy that has several.", "It refused somebody whose pod was in a hurry.",
            o => o["spec"].At("validations").Objects().Skip(o["spec"].At("validations").Items().Count() > 1 ? 0 : int.MaxValue).Select(Change.Drop)),
        new("drop-operation", Rules, "Takes an operation out of what is looked at.", "Updates are many, and \"what was admitted once is good\". CVE-2021-25735 is what that can cost.",
            o => ResourceRules(o).Where(r => r["operations"].Items().Count() > 1).SelectMany(r => r["operations"].Items()).Select(Change.Drop)),
        new("drop-admitted-resource", Rules, "Takes a resource out of what is looked at.",
            "Debug containers are a subresource that is easily forgotten: CVE-2023-2727 and CVE-2023-2728 are that mistake in Kubernetes itself.",
            o => ResourceRules(o).Where(r => r["resources"].Items().Count() > 1).SelectMany(r => r["resources"].Items()).Select(Change.Drop)),
        new("ignore-failures", Rules, "Lets pass what cannot be judged.", "One outage of a webhook that stopped all deployments. HAMi's chart ships Ignore.",
            o => o.Maps().Where(m => (string?)(m["failurePolicy"] as JsonValue) == "Fail").Select(m => Change.Set(m, "failurePolicy", "Ignore"))),
        new("audit-only", Binding, "Reports in place of refusing.", "A trial mode that was to end last month.", o => [Change.Set(Spec(o), "validationActions", new JsonArray("Audit"))]),
        new("warn-only", Binding, "Warns in place of refusing.", "A trial mode that was to end last month.", o => [Change.Set(Spec(o), "validationActions", new JsonArray("Warn"))]),
        new("other-policy-name", Binding, "Binds a policy that does not exist.", "The policy was renamed. The API server stores the binding all the same.",
            o => [Change.Set(Spec(o), "policyName", $"{Spec(o)["policyName"]}-old")]),
        new("narrow-namespaces", Binding, "Lets a binding hold in fewer namespaces.", "A label for an opt-in was planned and never written.",
            o => Spec(o).At("matchResources", "namespaceSelector") is JsonObject selector && selector["matchLabels"] is null
                ? [Change.Set(selector, "matchLabels", new JsonObject { ["environment"] = "production" })] : []),
        new("other-namespace-label", Binding, "Misspells the label by which a binding chooses namespaces.", "Nothing complains about a label that nobody has.",
            o => Spec(o).At("matchResources", "namespaceSelector", "matchExpressions").Objects().Take(1).Select(e => Change.Set(e, "key", $"{e["key"]}s"))),
        new("drop-container-kind", Policy, "Leaves one kind of containers, or the volumes, out.", "Init and debug containers are easily forgotten: CVE-2023-2727.", o => Expressions(o).SelectMany(Kinds)),
        new("drop-listed-name", Policy, "Takes a name out of a list in an expression.", "It is not used on this platform, one thinks.", o => Expressions(o).SelectMany(Names)),
        new("equal-not-prefix", Policy, "Compares a whole name where a beginning was meant.", "== reads better than startsWith, and the one known name is equal.",
            o => Expressions(o).SelectMany(e => Each(e, StartsWith(), m => $" == {m.Groups[1].Value}", m => m.Groups[1].Value))),
        new("prefix-without-slash", Policy, "Lets a prefix end inside of a name.", "A registry is a host, and hosts have no slash.",
            o => Expressions(o).SelectMany(e => Each(e, Slash(), _ => "'", _ => "slash"))),
        new("unanchored", Policy, "Has a pattern match a part of a text.", "matches sounds as if it were about all of it.",
            o => Expressions(o).SelectMany(e => Each(e, Anchor(), _ => "'", m => m.Value.Contains('^', StringComparison.Ordinal) ? "begin" : "end"))),
        new("some-not-all", Policy, "Asks for one where all were meant.", "exists and all are mixed up once a ! is in the sentence.",
            o => Expressions(o).SelectMany(e => Each(e, Every(), _ => ".exists(", _ => "all"))),
        new("or-not-and", Policy, "Puts OR in the place of AND.", "De Morgan, at the end of a long day.", o => Expressions(o).SelectMany(e => Each(e, And(), _ => "||", _ => "and"))),
        new("always-true", Policy, "Lets a validation be true for everybody.", "A break-glass user was added as \"|| true\" for a moment.",
            o => o["spec"].At("validations").Objects().Select(v => new Change($"{Places.Of(v)}:true", () => v["expression"] = $"({v["expression"]}) || true"))),
        new("webhook-everywhere", ["MutatingWebhookConfiguration"], "Calls a webhook for every namespace, not only for those with a label.", "HAMi's chart watches every namespace that does not opt out.",
            o => o["webhooks"].Objects().Select(w => w["namespaceSelector"]?["matchLabels"]).OfType<JsonObject>().Select(Change.Drop)),
        new("narrow-webhook", ["MutatingWebhookConfiguration"], "Asks for one label more before a webhook is called.", "An opt-in, to try it out.",
            o => o["webhooks"].Objects().Select(w => w["objectSelector"]).OfType<JsonObject>()
                .Select(s => Change.Set(s, "matchLabels", new JsonObject { ["hami.io/vgpu"] = "true" }))),
    ];

    private static JsonObject Spec(JsonObject o) => o["spec"]!.AsObject();

    private static IEnumerable<JsonObject> ResourceRules(JsonObject o) =>
        o["spec"].At("matchConstraints", "resourceRules").Objects().Concat(o["webhooks"].Objects().SelectMany(w => w["rules"].Objects()));

    // Messages do not decide anything.
    private static IEnumerable<JsonValue> Expressions(JsonObject o) =>
        o["spec"].At("variables").Objects().Concat(o["spec"].At("validations").Objects()).Select(v => v["expression"]).OfType<JsonValue>();

    private static IEnumerable<Change> Kinds(JsonValue expression) =>
        Each(expression, MoreContainers(), _ => "", m => m.Groups["kind"].Value);

    private static IEnumerable<Change> Names(JsonValue expression) => List().Matches(expression.ToString()).SelectMany(list => Quoted().Matches(list.Value))
        .Select(m => m.Value).Distinct().Select(name => Edit(expression, name.Trim('\''), text => WithoutName(text, name)));

    private static string WithoutName(string text, string name) => List().Replace(text, list =>
        $"[{string.Join(", ", Quoted().Matches(list.Value).Select(m => m.Value).Where(m => m != name))}]");

    private static IEnumerable<Change> Each(JsonValue expression, Regex what, Func<Match, string> by, Func<Match, string> name)
    {
        var text = expression.ToString();
        var number = 0;
        foreach (var match in what.Matches(text).ToList())
            yield return Edit(expression, string.Create(CultureInfo.InvariantCulture, $"{name(match)}~{++number}"), _ => string.Concat(text.AsSpan(0, match.Index), by(match), text.AsSpan(match.Index + match.Length)));
    }

    private static Change Edit(JsonValue expression, string what, Func<string, string> by) =>
        new($"{Places.Of(expression)}:{what}", () => expression.ReplaceWith(by(expression.ToString())));

    [GeneratedRegex(@" \+\s*(\(has\(object\.spec\.(?<kind>\w+)\) \? object\.spec\.\w+ : \[\]\)|variables\.(?<kind>volumes)\.map\([^()]*\))", RegexOptions.ExplicitCapture)]
    private static partial Regex MoreContainers();

    [GeneratedRegex(@"\['[^\]]*'\]")]
    private static partial Regex List();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\.startsWith\(([^()]*)\)")]
    private static partial Regex StartsWith();

    [GeneratedRegex(@"\.all\(")]
    private static partial Regex Every();

    [GeneratedRegex(@"(?<=\['[^\]]*)/'(?=[^\[]*\])")]
    private static partial Regex Slash();

    [GeneratedRegex(@"(?<=\.matches\()'\^|\$'(?=\))")]
    private static partial Regex Anchor();

    [GeneratedRegex("&&")]
    private static partial Regex And();
}
