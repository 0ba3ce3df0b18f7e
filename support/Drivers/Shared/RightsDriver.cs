namespace SecuritySpecs.Drivers.Shared;

/// <summary>All the rights that somebody holds in a namespace, by the API server's own account (SelfSubjectRulesReview).</summary>
public sealed class RightsDriver(ScenarioPlatform scenario)
{
    /// <summary>Where a pod has its account's token: <c>token</c> in this folder.</summary>
    public const string TokenFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private const string Review = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

    /// <summary>The rights that somebody holds in a namespace beyond those that every account of the cluster has.</summary>
    /// <returns>Each as <c>VERB GROUP/RESOURCE</c> or <c>VERB URL</c>, sorted.</returns>
    public async Task<IReadOnlyList<string>> OwnRightsAsync(Identity who, string @namespace)
    {
        var everybodys = await RightsAsync(await scenario.Platform.StrangerAsync(), @namespace);
        var rights = (await HeldAsync(who, @namespace)).Except(everybodys).Order(StringComparer.Ordinal).ToList();
        scenario.Note(who.Who, $"holds in {@namespace}, beyond what every account has: {(rights.Count == 0 ? "nothing" : string.Join(", ", rights))}");
        return rights;
    }

    /// <summary>All rights that somebody holds in a namespace.</summary>
    public static async Task<IReadOnlySet<string>> HeldAsync(Identity who, string @namespace) => await RightsAsync(who.Api, @namespace);

    /// <summary>The rights that the default account of a namespace holds in some namespace, beyond those that every account has. It should hold none.</summary>
    /// <param name="home">The account's namespace.</param>
    /// <param name="namespace">Where it would hold them.</param>
    public async Task<IReadOnlyList<string>> OfDefaultAccountAsync(string home, string @namespace)
    {
        var everybodys = await RightsAsync(await scenario.Platform.StrangerAsync(), @namespace);
        return [.. (await RightsAsync(scenario.Admin.As($"system:serviceaccount:{home}:default"), @namespace)).Except(everybodys).Order(StringComparer.Ordinal)];
    }

    /// <summary>Whether a pod of an account gets a token of it: by what admission makes of such a pod.</summary>
    /// <param name="namespace">Where.</param>
    /// <param name="account">The account.</param>
    /// <param name="automount">What the pod says; null for nothing.</param>
    public async Task<bool> GetsTokenAsync(string @namespace, string account, bool? automount = null)
    {
        var pods = new PodDriver(scenario.Admin, scenario.Files, @namespace, account);
        // Kubernetes before 1.24 makes a Secret with a token for each account, and refuses pods until it is there.
        var answer = await Poll.UntilAsync($"a pod of account {@namespace}/{account} to be judged", () => pods.TryAddAsync("token", PodFactory.PlainPod, Placement.Nowhere,
            pod => SetAutomount(pod["spec"]!.AsObject(), automount), dryRun: true), a => a.Message?.Contains("No API token found for service account", StringComparison.Ordinal) != true, a => a.ToString());
        return answer.OrThrow().Body!["spec"]!["containers"]!.AsArray().SelectMany(c => c!["volumeMounts"]?.AsArray() ?? []).Any(m => (string?)m!["mountPath"] == TokenFolder);
    }

    private static void SetAutomount(JsonObject spec, bool? automount)
    {
        if (automount is { } setting)
            spec["automountServiceAccountToken"] = setting;
        else
            spec.Remove("automountServiceAccountToken");
    }

    private static async Task<HashSet<string>> RightsAsync(KubeApi api, string @namespace)
    {
        var answer = await api.ReviewAsync(Review, new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SelfSubjectRulesReview", ["spec"] = new JsonObject { ["namespace"] = @namespace },
        }, body => $"{body["status"]!["resourceRules"]!.AsArray().Count} rules in {@namespace}");
        var status = answer.OrThrow().Body!["status"]!;
        return [.. status["resourceRules"]!.AsArray().Concat(status["nonResourceRules"]?.AsArray() ?? []).SelectMany(r => Flat(r!))];
    }

    /// <summary>What a rule of a role gives, one right after another.</summary>
    public static IEnumerable<string> Flat(JsonNode rule) => Resources(rule).Concat(Urls(rule));

    private static IEnumerable<string> Resources(JsonNode rule) =>
        from verb in Texts(rule["verbs"])
        from @group in Texts(rule["apiGroups"])
        from resource in Texts(rule["resources"])
        from name in Texts(rule["resourceNames"]).DefaultIfEmpty("")
        select $"{verb} {(@group.Length == 0 ? "" : @group + "/")}{resource}{(name.Length == 0 ? "" : " named " + name)}";

    private static IEnumerable<string> Urls(JsonNode rule) =>
        from verb in Texts(rule["verbs"]) from url in Texts(rule["nonResourceURLs"]) select $"{verb} {url}";

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(t => (string)t!) ?? [];
}
