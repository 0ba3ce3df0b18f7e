namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in quotas, limit ranges and priority classes.</summary>
internal static class QuotaMistakes
{
    private static readonly string[] Bounds = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("drop-key", ["ResourceQuota"], "Takes a resource out of a quota.", "It was in a deployment's way and was to come back.", o => Hard(o).Values().Select(Change.Drop)),
        new("raise-quota", ["ResourceQuota"], "Lets a quota allow ten or more beyond what it did.", "A zero too many, or a limit raised for one day.", o => Hard(o).Values().Select(Raise)),
        new("lower-quota", ["ResourceQuota"], "Lets a quota allow nothing.", "An unset variable of a template becomes 0.",
            o => Hard(o).Values().Where(v => v.ToString() != "0").Select(v => Change.Replace(v, "0"))),
        new("inert-limits", ["ResourceQuota"], "Writes limits. where only requests. counts.",
            "A container must name the GPU among its limits, so the quota is written alike. The API server takes limits.nvidia.com/gpu and never counts it.",
            o => Extended(o).Select(k => Change.Rename(Hard(o)!, k, k.Replace("requests.", "limits.", StringComparison.Ordinal)))),
        new("inert-name", ["ResourceQuota"], "Writes a resource without the part that makes it count.",
            "nvidia.com/gpu is the name everywhere else; count/deployments looks whole without its group. Neither counts anything.",
            o => Inert(o).Select(k => Change.Rename(Hard(o)!, k.Key, k.Name))),
        new("drop-scope", ["ResourceQuota"], "Takes the scope away: the quota is then about all pods.", "\"pods: 0\" is meant for everybody, one thinks.",
            o => o["spec"].At("scopeSelector") is { } scope ? [Change.Drop(scope)] : []),
        new("drop-scope-value", ["ResourceQuota"], "Takes a class out of the scope of a quota.", "The list is kept by hand; a class was thought to be gone.",
            o => Scopes(o).SelectMany(s => s["values"].Items()).Select(Change.Drop)),
        new("other-scope", ["ResourceQuota"], "Turns the scope round: all classes but the named ones.", "NotIn reads like \"not for these\".",
            o => Scopes(o).Where(s => s["values"] is not null).Select(s => Change.Set(s, "operator", "NotIn"))),
        new("other-class", ["ResourceQuota"], "Names a class that does not exist in the scope.", "A class was renamed; a quota on an unknown class is stored without a word.",
            o => Scopes(o).SelectMany(s => s["values"].Items()).Select(v => Change.Replace(v, $"{v}-old"))),
        new("drop-limit", ["LimitRange"], "Takes one of a limit range's limits away.", "Two limits of the same number look like one too many.", o => o["spec"].At("limits").Objects().Select(Change.Drop)),
        new("drop-bound", ["LimitRange"], "Takes a bound or a default away.",
            "The default is thought to follow from nothing. Without one the maximum becomes the default, and every container holds that many.",
            o => LimitBounds(o).Select(Change.Drop)),
        new("raise-bound", ["LimitRange"], "Raises a bound or a default.", "A job needs more once.", o => LimitBounds(o).SelectMany(b => b.Values()).Select(Raise)),
        new("other-limit-type", ["LimitRange"], "Makes a limit of containers one of pods, and the other way round.", "Most pods have one container, and then it is the same.",
            o => o["spec"].At("limits").Objects().Where(l => l["type"] is not null).Select(l => Change.Set(l, "type", (string)l["type"]! == "Pod" ? "Container" : "Pod"))),
        new("global-default", ["PriorityClass"], "Makes the class the default of the cluster.", "Then nobody has to name it.", o => [Change.Set(o, "globalDefault", true)]),
        new("low-priority", ["PriorityClass"], "Gives the class the priority that pods without one have.", "To be careful; it then pushes nothing aside.", o => [Change.Set(o, "value", 0)]),
        new("no-preemption", ["PriorityClass"], "Lets the class wait in place of pushing others aside.", "\"Never\" sounds safer.", o => [Change.Set(o, "preemptionPolicy", "Never")]),
    ];

    private static JsonObject? Hard(JsonObject quota) => quota["spec"].At("hard") as JsonObject;

    private static IEnumerable<JsonObject> Scopes(JsonObject quota) => quota["spec"].At("scopeSelector", "matchExpressions").Objects();

    // A domain makes an extended resource.
    private static List<string> Extended(JsonObject quota) =>
        [.. (Hard(quota) ?? []).Select(h => h.Key).Where(k => k.StartsWith("requests.", StringComparison.Ordinal) && k.Contains('/'))];

    private static IEnumerable<(string Key, string Name)> Inert(JsonObject quota) =>
    [
        .. Extended(quota).Select(k => (k, k["requests.".Length..])),
        .. (Hard(quota) ?? []).Select(h => h.Key).Where(k => k.StartsWith("count/", StringComparison.Ordinal) && k.Contains('.')).Select(k => (k, k[..k.IndexOf('.')])),
    ];

    private static IEnumerable<JsonNode> LimitBounds(JsonObject range) =>
        range["spec"].At("limits").Objects().SelectMany(l => Bounds.Select(b => l[b]).OfType<JsonNode>());

    // A 1 in front: "0" becomes ten, "4Gi" 14Gi, and a placeholder at least ten more than it was.
    private static Change Raise(JsonNode amount) => Change.Replace(amount, "1" + amount);
}
