namespace SecuritySpecs.Mutation;

/// <summary>
/// Writes objects as YAML that means the same and reads well line by line. Placeholders stay as they are: each stands in quotes, so
/// that its value remains a text.
/// </summary>
internal static partial class YamlWriter
{
    /// <summary>The documents of a file.</summary>
    public static string Write(IEnumerable<JsonNode> documents) => string.Join("---\n", documents.Select(Write));

    /// <summary>One document.</summary>
    public static string Write(JsonNode document)
    {
        var text = new StringBuilder();
        Block(text, document, 0);
        return text.ToString();
    }

    private static void Block(StringBuilder text, JsonNode node, int indent)
    {
        if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
                Field(text.Append(' ', indent), key, value, indent);
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list)
                Item(text, item, indent);
        }
        else
        {
            text.Append(Scalar(node)).Append('\n');
        }
    }

    private static void Field(StringBuilder text, string key, JsonNode? value, int indent)
    {
        text.Append(Word(key)).Append(':');
        if (IsInline(value))
            text.Append(' ').Append(Inline(value)).Append('\n');
        else if (value is JsonValue)
            Literal(text.Append(' '), value.ToString(), indent + 2);
        else
            Block(text.Append('\n'), value!, indent + 2);
    }

    private static void Item(StringBuilder text, JsonNode? item, int indent)
    {
        text.Append(' ', indent).Append("- ");
        if (item is JsonObject { Count: > 0 } map)
        {
            var first = true;
            foreach (var (key, value) in map)
            {
                Field(first ? text : text.Append(' ', indent + 2), key, value, indent + 2);
                first = false;
            }
        }
        else if (IsInline(item))
        {
            text.Append(Inline(item)).Append('\n');
        }
        else if (item is JsonValue)
        {
            Literal(text, item.ToString(), indent + 2);
        }
        else
        {
            Block(text.Append('\n'), item!, indent + 2);
        }
    }

    private static bool IsInline(JsonNode? node) => node switch
    {
        null or JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonArray list => list.All(i => i is JsonValue && IsInline(i)) && list.Sum(i => i!.ToString().Length) < 80,
        JsonValue => !(node.GetValueKind() == JsonValueKind.String && BlockText().IsMatch(node.ToString())),
        _ => false,
    };

    private static string Inline(JsonNode? node) => node switch
    {
        JsonObject => "{}",
        JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
        _ => Scalar(node),
    };

    private static void Literal(StringBuilder text, string value, int indent)
    {
        text.Append(value.EndsWith('\n') ? "|\n" : "|-\n");
        foreach (var line in value.TrimEnd('\n').Split('\n'))
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
    }

    private static string Scalar(JsonNode? node) => node is null ? "null" : node.GetValueKind() == JsonValueKind.String ? Word(node.ToString()) : node.ToJsonString();

    private static string Word(string text) => Plain().IsMatch(text) && !Special().IsMatch(text) ? text : JsonSerializer.Serialize(text, Relaxed);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"^[A-Za-z/_][A-Za-z0-9_./-]*\z")]
    private static partial Regex Plain();

    // What YAML 1.1 takes for something other than a text.
    [GeneratedRegex("^(y|yes|n|no|on|off|true|false|null)$", RegexOptions.IgnoreCase)]
    private static partial Regex Special();

    // Several lines of which none begins the text with a space, ends with one, or is the second empty one at the end.
    [GeneratedRegex(@"^(?! )(?!.*[ \t]\n)(?!.*\n\n\z)[^\r]+\n[^\r]*[^\s]\n?\z", RegexOptions.Singleline)]
    private static partial Regex BlockText();
}
