namespace SecuritySpecs.Mutation.Operators;

/// <summary>Mistakes in audit policies.</summary>
internal static class AuditMistakes
{
    private static readonly string[] Policy = ["Policy"];

    /// <summary>The operators.</summary>
    public static IEnumerable<MutationOperator> All =>
    [
        new("log-bodies", Policy, "Logs the bodies of requests and answers, too.", "After an incident somebody wants to see everything. Secret values and tokens are a part of that.",
            o => Rules(o).Select(r => Change.Set(r, "level", "RequestResponse"))),
        new("log-less", Policy, "Logs who did something and not what.", "The log is too large, and Metadata is the level of the examples.",
            o => Rules(o).Where(r => (string?)r["level"] == "Request").Select(r => Change.Set(r, "level", "Metadata"))),
        new("drop-audit-rule", Policy, "Takes a rule out of an audit policy.", "The log is too large.", o => Rules(o).Select(Change.Drop)),
        new("drop-audited-resource", Policy, "Takes a resource out of a rule of an audit policy.", "A subresource is taken for a part of its resource: pods does not include pods/exec.",
            o => Groups(o).SelectMany(g => g["resources"].Items().Count() > 1 ? g["resources"].Items() : [g]).Select(Change.Drop)),
        new("drop-audited-verb", Policy, "Takes a verb out of a rule of an audit policy.", "patch is forgotten, which is what kubectl apply and kubectl label send.",
            o => Rules(o).SelectMany(r => r["verbs"].Items()).Select(Change.Drop)),
        new("other-audited-group", Policy, "Looks for a resource in the core group.", "Nothing complains about a resource that the group does not have.",
            o => Groups(o).Where(g => (string?)g["group"] != "").Select(g => Change.Set(g, "group", ""))),
        new("quiet-group", Policy, "Leaves a group of users out.", "Programs make most of the noise, and every tenant's account is a program's.",
            o => [new Change("rules+system:serviceaccounts", () => o["rules"]!.AsArray().Insert(0, Quiet()))]),
    ];

    private static IEnumerable<JsonObject> Rules(JsonObject o) => o["rules"].Objects();

    private static IEnumerable<JsonObject> Groups(JsonObject o) => Rules(o).SelectMany(r => r["resources"].Objects());

    private static JsonObject Quiet() => new() { ["level"] = "None", ["userGroups"] = new JsonArray("system:serviceaccounts") };
}
