namespace SecuritySpecs.FleetProgram.ModelSupply.Formats;

/// <summary>
/// What a model says in JSON that makes a loader run or read other files: <c>auto_map</c> and <c>custom_pipelines</c> name Python classes
/// (huggingface/transformers, <c>dynamic_module_utils.py</c>), an index of shards names files.
/// </summary>
internal static class RemoteCode
{
    /// <summary>The kind of its findings.</summary>
    public const string What = "code";

    /// <summary>Goes through a JSON document that <see cref="StrictJson.Check"/> has let pass.</summary>
    /// <param name="json">The document.</param>
    /// <param name="allowedCode">The Python files that may be run.</param>
    /// <param name="note">Is told of every chat template.</param>
    /// <exception cref="RefusedException">It names code that is not listed, or a file outside the model.</exception>
    public static void Check(ReadOnlySpan<byte> json, IReadOnlyCollection<string> allowedCode, Action<string> note)
    {
        var reader = StrictJson.Reader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueTextEquals("auto_map"u8))
                CheckClasses(ref reader, onlyImplementations: false, allowedCode);
            else if (reader.ValueTextEquals("custom_pipelines"u8))
                CheckClasses(ref reader, onlyImplementations: true, allowedCode);
            else if (reader.ValueTextEquals("weight_map"u8))
                CheckShards(ref reader);
            else if (reader.ValueTextEquals("chat_template"u8))
                CheckTemplates(ref reader, note);
        }
    }

    private static void CheckClasses(ref Utf8JsonReader reader, bool onlyImplementations, IReadOnlyCollection<string> allowedCode)
    {
        var depth = reader.CurrentDepth;
        var counts = !onlyImplementations;
        while (Next(ref reader, depth))
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                counts = !onlyImplementations || reader.ValueTextEquals("impl"u8);
            else if (reader.TokenType == JsonTokenType.String && counts)
                CheckClass(reader.GetString()!, allowedCode);
        }
    }

    private static void CheckClass(string name, IReadOnlyCollection<string> allowedCode)
    {
        var file = name.Contains('.') ? name[..name.LastIndexOf('.')].Replace('.', '/') + ".py" : name + ".py";
        if (name.Contains("--", StringComparison.Ordinal))
            throw new RefusedException(What, $"auto_map names {Printable.Line(name, 100)}: code of another repository");
        if (!allowedCode.Contains(file))
            throw new RefusedException(What, $"auto_map names {Printable.Line(name, 100)}, and {Printable.Line(file, 100)} is not on the list of allowed code");
    }

    private static void CheckShards(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (Next(ref reader, depth))
        {
            if (reader.TokenType == JsonTokenType.String && Archives.MemberNames.Problem(reader.GetString()!) is { } problem)
                throw new RefusedException("json", $"the shard {Printable.Line(reader.GetString()!, 100)} {problem}");
        }
    }

    private static void CheckTemplates(ref Utf8JsonReader reader, Action<string> note)
    {
        var depth = reader.CurrentDepth;
        while (Next(ref reader, depth))
        {
            if (reader.TokenType != JsonTokenType.String)
                continue;
            var template = reader.GetString()!;
            note(ChatTemplate.Describe("chat_template", template));
            ChatTemplate.Check("chat_template", template);
        }
    }

    // The next token of the value of the property at this depth; false behind it, when the reader stands on its last token.
    private static bool Next(ref Utf8JsonReader reader, int depth)
    {
        var isLast = reader.CurrentDepth == depth && reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.StartObject or JsonTokenType.StartArray);
        return !isLast && reader.Read();
    }
}
