namespace SecuritySpecs.NetworkAgent.Tests.Cluster;

/// <summary>NetworkPolicies in few words.</summary>
internal static class Policies
{
    public static JsonObject Everything => [];

    public static JsonObject Labels(string key, string value) => new() { ["matchLabels"] = new JsonObject { [key] = value } };

    public static JsonObject In(string key, params string[] values) => Expression(key, "In", values);

    public static JsonObject NotIn(string key, params string[] values) => Expression(key, "NotIn", values);

    public static JsonObject Exists(string key) => Expression(key, "Exists");

    public static JsonObject Missing(string key) => Expression(key, "DoesNotExist");

    /// <summary>Pods of the policy's own namespace.</summary>
    public static JsonObject Pods(JsonObject selector) => new() { ["podSelector"] = selector };

    /// <summary>All pods of namespaces.</summary>
    public static JsonObject Spaces(JsonObject selector) => new() { ["namespaceSelector"] = selector };

    /// <summary>Pods, by both selectors.</summary>
    public static JsonObject Both(JsonObject namespaces, JsonObject pods) => new() { ["namespaceSelector"] = namespaces, ["podSelector"] = pods };

    public static JsonObject Block(string cidr, params string[] except) =>
        new() { ["ipBlock"] = new JsonObject { ["cidr"] = cidr, ["except"] = new JsonArray([.. except.Select(e => (JsonNode)e)]) } };

    public static JsonObject Port(JsonNode? port, string? protocol = null, int? end = null)
    {
        var json = new JsonObject();
        if (port is not null) json["port"] = port;
        if (protocol is not null) json["protocol"] = protocol;
        if (end is not null) json["endPort"] = end;
        return json;
    }

    public static JsonObject From(params JsonObject[] peers) => new() { ["from"] = new JsonArray([.. peers]) };

    public static JsonObject To(params JsonObject[] peers) => new() { ["to"] = new JsonArray([.. peers]) };

    public static JsonObject Anybody => [];

    public static JsonObject On(this JsonObject rule, params JsonObject[] ports)
    {
        rule["ports"] = new JsonArray([.. ports]);
        return rule;
    }

    /// <summary>A policy's spec; it is about the directions that are given.</summary>
    public static JsonObject Policy(JsonObject pods, JsonObject[]? ingress = null, JsonObject[]? egress = null)
    {
        var types = new JsonArray();
        var spec = new JsonObject { ["podSelector"] = pods, ["policyTypes"] = types };
        if (ingress is not null)
        {
            types.Add("Ingress");
            spec["ingress"] = new JsonArray([.. ingress]);
        }
        if (egress is not null)
        {
            types.Add("Egress");
            spec["egress"] = new JsonArray([.. egress]);
        }
        return spec;
    }

    private static JsonObject Expression(string key, string what, params string[] values)
    {
        var expression = new JsonObject { ["key"] = key, ["operator"] = what };
        if (values.Length > 0) expression["values"] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        return new JsonObject { ["matchExpressions"] = new JsonArray(expression) };
    }
}
