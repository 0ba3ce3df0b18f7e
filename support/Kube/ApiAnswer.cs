namespace SecuritySpecs.Kube;

/// <summary>One request to the API server and what it answered: the evidence that verdicts rest on.</summary>
/// <param name="Actor">Who asked, in the domain's words: <c>tenant "blue"</c>, <c>cluster admin</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query on the API server.</param>
/// <param name="Code">HTTP status code.</param>
/// <param name="Reason">The Status object's machine-readable <c>reason</c> (for example <c>Forbidden</c>); null when the answer is no Status.</param>
/// <param name="Message">The Status object's <c>message</c>; null when the answer is no Status.</param>
/// <param name="Body">The answer as JSON; null when it was not JSON. Never stored as evidence: it may hold secrets.</param>
/// <param name="At">When the request was sent.</param>
/// <param name="Duration">Until the whole answer was read.</param>
public sealed record ApiAnswer(
    string Actor, string Method, string Path, int Code, string? Reason, string? Message, JsonNode? Body, DateTimeOffset At, TimeSpan Duration)
{
    /// <summary>What the API server warned of (HTTP <c>Warning</c> headers) while it did what was asked.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the API server did what was asked: 2xx, or 101 for a stream.</summary>
    public bool Allowed => Code is 101 or (>= 200 and < 300);

    /// <summary>The objects of a list that was answered. Where a server sends metadata alone, an empty list is null.</summary>
    public JsonArray Items => Body is JsonObject list && list.TryGetPropertyValue("items", out var items) && items is null ? [] : Body!["items"]!.AsArray();

    /// <summary>The verdict alone, to follow "last seen:".</summary>
    public string Verdict => $"{(Allowed ? "allowed" : "refused")} with {Code}{(Reason is null ? "" : " " + Reason)}{(Message is null ? "" : ": " + Message)}";

    /// <summary>The request and the verdict in one line, for failure messages.</summary>
    public override string ToString() =>
        $"{Method} {Path} as {Actor} -> {Code}{(Reason is null ? "" : " " + Reason)}{(Message is null ? "" : ": " + Message)}";

    /// <summary>This answer, or an error when the API server refused: for requests that are no attempts but what attempts stand on.</summary>
    /// <param name="source">What the request came from, for the message: a manifest.</param>
    /// <exception cref="KubeApiException">The answer is not 2xx.</exception>
    public ApiAnswer OrThrow(string? source = null) => Allowed ? this : throw new KubeApiException(this, source);
}

/// <summary>A request failed that is no attempt but what attempts stand on, so nothing can be judged.</summary>
public sealed class KubeApiException(ApiAnswer answer, string? source = null)
    : Exception($"This had to succeed before anything could be judged{(source is null ? "" : $" (from {source})")}: {answer}")
{
    /// <summary>Whether the request came from a manifest.</summary>
    public bool IsAboutAManifest { get; } = source is not null;

    /// <summary>The request and its answer.</summary>
    public ApiAnswer Answer { get; } = answer;
}
