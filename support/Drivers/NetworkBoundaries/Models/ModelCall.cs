namespace SecuritySpecs.Drivers.NetworkBoundaries.Models;

/// <summary>A call to a model server, as a step of <c>fleet call</c>. Keys stand in it as the names of files in the client's pod.</summary>
/// <param name="Phrase">As features say it.</param>
/// <param name="Step">The step.</param>
public sealed record ModelCall(string Phrase, Func<JsonObject> Step)
{
    private const string Chat = "/v1/chat/completions";
    private const string Bearer = "Authorization: Bearer {key:key}";

    /// <summary>A chat completion with the client's key.</summary>
    public static readonly ModelCall WithItsKey = new("with its key", () => Post(Bearer));

    /// <summary>Every call that features may name.</summary>
    public static readonly IReadOnlyList<ModelCall> All =
    [
        WithItsKey,
        new("without a key", () => Post()),
        new("with an empty key", () => Post("Authorization: Bearer ")),
        new("with a key of its own making", () => Post($"Authorization: Bearer sk-{new string('0', 48)}")),
        new("with the first half of its key", () => Post("Authorization: Bearer {start:key}")),
        new("with its key and one letter more", () => Post(Bearer + "0")),
        new("with its key in capitals", () => Post("Authorization: Bearer {capitals:key}")),
        new("with its key as a password", () => Post("Authorization: Basic {basic:key}")),
        new("with its key and no scheme", () => Post("Authorization: {key:key}")),
        new("with two keys, one of them its own", () => Post(Bearer + ", Bearer x")),
        new("with its key in the header X-API-Key", () => Post("X-API-Key: {key:key}")),
        new("with its key in a cookie", () => Post("Cookie: key={key:key}")),
        new("with its key in the query", () => Post() with { Path = Chat + "?api_key={key:key}&key={key:key}" }),
        new("with its key as part of the path", () => Post() with { Path = "/v1/{key:key}/chat/completions" }),
        new("for the models", () => Get("/v1/models", Bearer)),
        new("for the models without a key", () => Get("/v1/models")),
        new("for nothing that is there", () => Get("/v1/files", Bearer)),
        new("for nothing that is there without a key", () => Get("/v1/files")),
        new("for its health without a key", () => Get("/health")),
        new("for its metrics without a key", () => Get("/metrics")),
        new("for its front page without a key", () => Get("/")),
        new("for 64 tokens", () => Post(Bearer) with { Tokens = 64 }),
        new("for 65 tokens", () => Post(Bearer) with { Tokens = 65 }),
        new("for no tokens", () => Post(Bearer) with { Tokens = 0 }),
        new("with a body of 10000 letters", () => Post(Bearer) with { Prompt = "{padding:10000}" }),
        new("with a body of 20000 letters", () => Post(Bearer) with { Prompt = "{padding:20000}" }),
        new("for another model", () => Post(Bearer) with { Model = "other" }),
        new("with a body that is no JSON", () => Post(Bearer) with { Model = "\"" }),
        new("by GET", () => Get(Chat, Bearer)),
    ];

    /// <summary>The call of a phrase.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static ModelCall Of(string phrase) => All.FirstOrDefault(c => c.Phrase == phrase)
        ?? throw new ArgumentException($"No call is called \"{phrase}\"; there are: {string.Join("; ", All.Select(c => c.Phrase))}.");

    private static Request Post(params string[] headers) => new(Chat, headers, IsPost: true);

    private static Request Get(string path, params string[] headers) => new(path, headers, IsPost: false);

    /// <summary>An HTTP request, on its way to become a step.</summary>
    internal sealed record Request(string Path, string[] Headers, bool IsPost)
    {
        public string Model { get; init; } = "fleet-chat";

        public string Prompt { get; init; } = "Who may call you?";

        public int Tokens { get; init; } = 8;

        public static implicit operator JsonObject(Request request) => request.ToJson();

        public JsonObject ToJson()
        {
            var step = new JsonObject { ["path"] = Path, ["headers"] = new JsonArray([.. Headers.Select(h => JsonValue.Create(h))]) };
            if (IsPost)
                step["body"] = string.Create(CultureInfo.InvariantCulture, $$"""{"model":"{{Model}}","max_tokens":{{Tokens}},"messages":[{"role":"user","content":"{{Prompt}}"}]}""");
            return step;
        }
    }
}
