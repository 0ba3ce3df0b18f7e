namespace SecuritySpecs.Mutation;

/// <summary>Where something stands in an object, in words; and ways around in JSON.</summary>
internal static partial class Places
{
    private const int Longest = 60;

    // What tells one item of a list from the next, in this order.
    private static readonly string[] Marks = ["name", "key", "type", "scopeName", "resources", "nonResourceURLs", "message", "messageExpression", "job_name", "port", "cidr"];

    /// <summary>The path of a node. An item of a list is named by what it holds: its number would change with every item before it.</summary>
    public static string Of(JsonNode node) => node.Parent switch
    {
        null => "",
        JsonObject map => Under(map, node.GetPropertyName()),
        JsonArray list => $"{Of(list)}[{Item(node, list)}]",
        _ => throw new InvalidOperationException("JSON has no other parents."),
    };

    /// <summary>The path of a field.</summary>
    public static string Under(JsonObject map, string field) => Of(map) is { Length: > 0 } path ? $"{path}.{field}" : field;

    /// <summary>A value in a few words.</summary>
    public static string Short(JsonNode? value)
    {
        var text = value switch
        {
            null => "null",
            JsonValue => value.ToString(),
            JsonArray list => string.Join(',', list.Select(Short)),
            _ => value.ToJsonString().Replace("\"", "", StringComparison.Ordinal),
        };
        text = Spaces().Replace(text, " ");
        return text.Length > Longest ? text[..Longest] : text;
    }

    /// <summary>Takes a node away from what holds it.</summary>
    public static void Remove(JsonNode node)
    {
        if (node.Parent is JsonObject map)
            map.Remove(node.GetPropertyName());
        else
            node.Parent!.AsArray().Remove(node);
    }

    /// <summary>The node at a path of fields; null where there is none.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
            node = (node as JsonObject)?[field];
        return node;
    }

    /// <summary>The items of a list; none where there is no list.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? node) => node is JsonArray list ? list.OfType<JsonNode>() : [];

    /// <summary>The items of a list that are objects.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node) => node.Items().OfType<JsonObject>();

    /// <summary>The fields of an object that have values; none where there is no object.</summary>
    public static IEnumerable<JsonNode> Values(this JsonNode? node) => node is JsonObject map ? map.Select(f => f.Value).OfType<JsonNode>() : [];

    /// <summary>Whether a list holds a text.</summary>
    public static bool Holds(this JsonNode? list, string text) => list.Items().Any(i => i is JsonValue && i.ToString() == text);

    /// <summary>Every object inside a node, and the node itself.</summary>
    public static IEnumerable<JsonObject> Maps(this JsonNode? node) => node switch
    {
        JsonObject map => map.Values().SelectMany(Maps).Prepend(map),
        JsonArray list => list.SelectMany(Maps),
        _ => [],
    };

    private static string Item(JsonNode node, JsonArray list)
    {
        var name = NameOf(node);
        // Two of the same name: the later ones are counted.
        var same = list.OfType<JsonNode>().TakeWhile(other => other != node).Count(other => NameOf(other) == name);
        return same == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}~{same + 1}");
    }

    private static string NameOf(JsonNode item) => item is JsonObject map && Marks.FirstOrDefault(m => map[m] is not null) is { } mark ? Short(map[mark]) : Short(item);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
