namespace SecuritySpecs.FleetProgram.Models;

/// <summary>The body of a chat completion, as far as this server understands it.</summary>
/// <param name="Prompt">All messages' contents, one after another.</param>
/// <param name="MaxTokens">The tokens to answer with.</param>
/// <param name="Stream">Whether to answer piece by piece.</param>
internal sealed record ChatRequest(string Prompt, int MaxTokens, bool Stream)
{
    private const int DefaultTokens = 16;
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a body.</summary>
    /// <param name="body">What came.</param>
    /// <param name="model">The only model.</param>
    /// <param name="maxTokens">The most tokens of an answer.</param>
    /// <returns>The request, or why it is none.</returns>
    public static (ChatRequest? Request, ModelError? Error) Parse(ReadOnlySpan<byte> body, string model, int maxTokens)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: s_strict) is JsonObject json ? Read(json, model, maxTokens) : (null, NoObject);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: half a surrogate pair in a string
        {
            return (null, NoObject);
        }
    }

    private static ModelError NoObject => ModelError.Bad(null, "The body is no JSON object.", "invalid_json");

    private static (ChatRequest?, ModelError?) Read(JsonObject json, string model, int maxTokens)
    {
        if (Text(json["model"]) is not { } asked)
            return (null, ModelError.Bad("model", "The name of a model is expected.", "missing_required_parameter"));
        if (asked != model)
            return (null, ModelError.NoSuchModel(model));
        if (json["messages"] is not JsonArray { Count: > 0 } messages || messages.Any(m => Text((m as JsonObject)?["content"]) is null))
            return (null, ModelError.Bad("messages", "A list of messages is expected, each with a content of text."));
        if (Tokens(json["max_tokens"], maxTokens) is not { } tokens)
            return (null, ModelError.Bad("max_tokens", "A whole number of at least 1 is expected."));
        if (tokens > maxTokens)
            return (null, ModelError.Bad("max_tokens", $"At most {maxTokens} tokens may be asked for.", "max_tokens_exceeded"));
        return Flag(json["stream"]) is { } stream
            ? (new(string.Join('\n', messages.Select(m => Text(m!["content"]))), tokens, stream), null)
            : (null, ModelError.Bad("stream", "true or false is expected."));
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static int? Tokens(JsonNode? node, int most) => node switch
    {
        null => Math.Min(DefaultTokens, most),
        JsonValue value when value.TryGetValue<int>(out var tokens) && tokens > 0 => tokens,
        _ => null,
    };

    private static bool? Flag(JsonNode? node) => node switch
    {
        null => false,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => null,
    };
}
