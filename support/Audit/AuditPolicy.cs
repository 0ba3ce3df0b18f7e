namespace SecuritySpecs.Audit;

/// <summary>
/// What an audit policy (<c>audit.k8s.io/v1</c>) logs of a request, computed without an API server: the first rule that fits decides,
/// and what fits none is not logged.
/// </summary>
public sealed class AuditPolicy
{
    /// <summary>The level of what is not logged.</summary>
    public const string None = "None";

    private static readonly string[] Levels = [None, "Metadata", "Request", "RequestResponse"];

    private static readonly string[] Conditions = ["users", "userGroups", "verbs", "namespaces", "resources", "nonResourceURLs"];
    private static readonly string[] Others = ["level", "omitStages", "omitManagedFields"];
    private readonly List<JsonObject> _rules;

    private AuditPolicy(List<JsonObject> rules) => _rules = rules;

    /// <summary>Reads a policy.</summary>
    /// <exception cref="ArgumentException">It is none, or it has a field or a level that is not known here.</exception>
    public static AuditPolicy Of(JsonObject policy)
    {
        if ((string?)policy["kind"] != "Policy" || policy["rules"] is not JsonArray { Count: > 0 } rules)
            throw new ArgumentException("An audit policy is of kind Policy and has rules.");
        var read = rules.Select(r => r!.AsObject()).ToList();
        if (read.SelectMany(r => r).Select(f => f.Key).FirstOrDefault(f => !Conditions.Contains(f) && !Others.Contains(f)) is { } unknown)
            throw new ArgumentException($"A rule of an audit policy has the field \"{unknown}\", which is not known here.");
        if (read.Find(r => !Levels.Contains((string?)r["level"])) is { } wrong)
            throw new ArgumentException($"A rule of an audit policy has the level \"{wrong["level"]}\"; there are {string.Join(", ", Levels)}.");
        return new(read);
    }

    /// <summary>The level at which a request about a resource is logged; <see cref="None"/> where it is not.</summary>
    public string LevelOf(AuditRequest request) => (string?)_rules.Find(r => Fits(r, request))?["level"] ?? None;

    // A rule about paths alone (nonResourceURLs) fits no request about a resource.
    private static bool Fits(JsonObject rule, AuditRequest request) =>
        (IsEmpty(rule["users"]) || Has(rule["users"], request.User))
        && (IsEmpty(rule["userGroups"]) || request.Groups.Any(g => Has(rule["userGroups"], g)))
        && (IsEmpty(rule["verbs"]) || Has(rule["verbs"], request.Verb))
        && (IsEmpty(rule["namespaces"]) || Has(rule["namespaces"], request.Namespace))
        && (IsEmpty(rule["resources"])
            ? IsEmpty(rule["nonResourceURLs"]) || !IsEmpty(rule["namespaces"])
            : rule["resources"]!.AsArray().Any(r => AreMeant(r!.AsObject(), request)));

    private static bool AreMeant(JsonObject resources, AuditRequest request) =>
        ((string?)resources["group"] ?? "") == request.Resource.Group
        && (IsEmpty(resources["resources"])
            || (resources["resources"]!.AsArray().Any(r => IsMeant((string)r!, request.Resource))
                && (IsEmpty(resources["resourceNames"]) || Has(resources["resourceNames"], request.Name))));

    // "pods" is not "pods/exec"; "*" is everything of the group.
    private static bool IsMeant(string pattern, AuditedResource resource) => pattern == "*" || pattern == resource.Path
        || (resource.Subresource.Length > 0 && pattern == $"*/{resource.Subresource}") || pattern == $"{resource.Name}/*";

    private static bool IsEmpty(JsonNode? list) => list is not JsonArray { Count: > 0 };

    private static bool Has(JsonNode? list, string text) => list!.AsArray().Any(t => (string)t! == text);
}
