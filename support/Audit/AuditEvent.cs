namespace SecuritySpecs.Audit;

/// <summary>An event of an audit log.</summary>
/// <param name="Request">What was asked, and by whom. The groups include those that the API server adds.</param>
/// <param name="Level">How much the event holds: <c>Metadata</c>, <c>Request</c> or <c>RequestResponse</c>.</param>
/// <param name="Stage">When it was written: <c>ResponseStarted</c> or <c>ResponseComplete</c>, for example.</param>
/// <param name="Code">The HTTP code of the answer; 0 for none yet.</param>
public sealed record AuditEvent(AuditRequest Request, string Level, string Stage, int Code)
{
    /// <summary>Reads an event about a resource.</summary>
    /// <param name="line">A line of the log, in JSON.</param>
    /// <returns>Null where the event is about a path that is no resource.</returns>
    public static AuditEvent? Read(string line)
    {
        var json = JsonNode.Parse(line)!;
        if (json["objectRef"] is not { } about)
            return null;
        var user = json["user"]!;
        var resource = new AuditedResource(Text(about["apiGroup"]), Text(about["resource"]), Text(about["subresource"]));
        var groups = (user["groups"]?.AsArray() ?? []).Select(Text).ToList();
        var request = new AuditRequest(Text(user["username"]), groups, Text(json["verb"]), resource, Text(about["namespace"]), Text(about["name"]));
        return new(request, Text(json["level"]), Text(json["stage"]), (int?)json["responseStatus"]?["code"] ?? 0);
    }

    private static string Text(JsonNode? node) => (string?)node ?? "";
}
