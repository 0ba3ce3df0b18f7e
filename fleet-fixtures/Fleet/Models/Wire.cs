namespace SecuritySpecs.FleetProgram.Models;

/// <summary>A completion in OpenAI's shapes.</summary>
internal static class Wire
{
    private const int WordsOfAPart = 16;

    /// <summary>As one answer.</summary>
    public static JsonObject Whole(Completion completion) => Shape("chat.completion", new JsonObject
    {
        ["index"] = 0, ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = completion.Text }, ["finish_reason"] = "length",
    }, Usage(completion));

    /// <summary>As the events of a stream; the last one has no words and tells the usage.</summary>
    public static IEnumerable<JsonObject> Parts(Completion completion)
    {
        foreach (var words in completion.Words.Chunk(WordsOfAPart))
            yield return Part(new JsonObject { ["content"] = string.Join(' ', words) + " " }, null, null);
        yield return Part([], "length", Usage(completion));
    }

    private static JsonObject Part(JsonObject delta, string? finish, JsonObject? usage) =>
        Shape("chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }, usage);

    private static JsonObject Shape(string kind, JsonObject choice, JsonObject? usage)
    {
        var shape = new JsonObject
        {
            ["id"] = "chatcmpl-0", ["object"] = kind, ["created"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["model"] = ModelServer.Model,
            ["choices"] = new JsonArray(choice),
        };
        if (usage is not null)
            shape["usage"] = usage;
        return shape;
    }

    private static JsonObject Usage(Completion completion) => new()
    {
        ["prompt_tokens"] = completion.PromptTokens, ["completion_tokens"] = completion.Words.Count,
        ["total_tokens"] = completion.PromptTokens + completion.Words.Count,
    };
}
