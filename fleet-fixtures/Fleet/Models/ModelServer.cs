using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.Network;

namespace SecuritySpecs.FleetProgram.Models;

/// <summary>
/// Answers like a model server with OpenAI's interface. Under <c>/v1</c> the order is: the key, then its rate, then what is
/// asked; so who has no key learns nothing and costs nothing, and every request with a key counts, whatever comes of it.
/// </summary>
internal sealed class ModelServer(KeyRing keys, string? limitsFolder, Engine engine, bool logHeaders)
{
    /// <summary>The only model.</summary>
    public const string Model = "fleet-chat";

    /// <summary>The tokens that the model can answer with, where no limit says less.</summary>
    public const int Context = 100_000;

    /// <summary>The longest body that the server can take, where no limit says less.</summary>
    public const int LargestBody = 1 << 20;

    private readonly RateLimiter _rates = new(TimeProvider.System);
    private readonly ModelMetrics _metrics = new(Model, engine);

    /// <summary>Answers one request, and says in a header which pod does.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (Whoami.Mine is { Pod.Length: > 0 } me)
            context.Response.Headers[Whoami.Header] = me.Name;
        return DispatchAsync(context);
    }

    private Task DispatchAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/health" => TextAsync(context, ""),
        "/metrics" => TextAsync(context, _metrics.Text()),
        { } path when path.StartsWith("/v1/", StringComparison.Ordinal) => ApiAsync(context),
        _ => ErrorAsync(context, ModelError.NoSuchPath),
    };

    private async Task ApiAsync(HttpContext context)
    {
        var clock = Stopwatch.StartNew();
        var keyId = keys.IdOf(context.Request.Headers.Authorization.ToArray());
        try
        {
            await (keyId is null ? ErrorAsync(context, ModelError.NoKey) : CountedAsync(context, keyId));
        }
        finally
        {
            _metrics.Request(keyId, context.Response.StatusCode);
            // Not the path as it came, nor the query: people put keys there.
            Log.Line($"{Known(context.Request)} {context.Response.StatusCode} key={keyId ?? "none"} {clock.ElapsedMilliseconds} ms{(logHeaders ? Headers(context.Request) : "")}");
        }
    }

    private async Task CountedAsync(HttpContext context, string keyId)
    {
        try
        {
            var limits = Limits.Read(limitsFolder);
            await (IsGranted(context, keyId, limits) ? RouteAsync(context, limits) : ErrorAsync(context, ModelError.RateExceeded));
        }
        catch (LimitException e)
        {
            await ErrorAsync(context, ModelError.Limits(e));
        }
    }

    private bool IsGranted(HttpContext context, string keyId, Limits limits)
    {
        if (limits.RequestsPerMinute is not { } perMinute)
            return true;
        var name = limits.ByForwardedFor ? context.Request.Headers["X-Forwarded-For"].ToString() : keyId;
        var allowance = _rates.Take(name, perMinute, limits.Burst);
        var headers = context.Response.Headers;
        headers["x-ratelimit-limit-requests"] = Text(perMinute);
        headers["x-ratelimit-remaining-requests"] = Text(allowance.Remaining);
        headers["x-ratelimit-reset-requests"] = Text(Seconds(allowance.Full)) + "s";
        if (!allowance.Granted)
            headers.RetryAfter = Text(Seconds(allowance.Next));
        return allowance.Granted;
    }

    private Task RouteAsync(HttpContext context, Limits limits) => (context.Request.Path.Value, context.Request.Method) switch
    {
        ("/v1/models", "GET") => JsonAsync(context, StatusCodes.Status200OK, Models()),
        ("/v1/chat/completions", "POST") => CompleteAsync(context, limits),
        ("/v1/models" or "/v1/chat/completions", _) => ErrorAsync(context, ModelError.WrongMethod),
        _ => ErrorAsync(context, ModelError.NoSuchPath),
    };

    private async Task CompleteAsync(HttpContext context, Limits limits)
    {
        var most = limits.MaxBodyBytes ?? LargestBody;
        if (await BodyAsync(context.Request, most, context.RequestAborted) is not { } body)
        {
            await ErrorAsync(context, ModelError.TooLarge(most));
            return;
        }
        var (request, error) = ChatRequest.Parse(body.Span, Model, Math.Min(limits.MaxTokens ?? Context, Context));
        if (request is null)
            await ErrorAsync(context, error!);
        else if (await engine.AnswerAsync(request.Prompt, request.MaxTokens, context.RequestAborted) is { } completion)
            await AnswerAsync(context, request, completion);
        else
            await ErrorAsync(context, ModelError.Overloaded);
    }

    private Task AnswerAsync(HttpContext context, ChatRequest request, Completion completion)
    {
        _metrics.Answer(completion);
        return request.Stream ? StreamAsync(context, completion) : JsonAsync(context, StatusCodes.Status200OK, Wire.Whole(completion));
    }

    private static async Task StreamAsync(HttpContext context, Completion completion)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var part in Wire.Parts(completion))
            await context.Response.WriteAsync($"data: {part.ToJsonString()}\n\n", context.RequestAborted);
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    // Reads no more than is allowed, also where the length is not told beforehand.
    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.ContentLength > most)
            return null;
        var body = new byte[(request.ContentLength ?? most) + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancel);
        if (length > most)
            return null;
        return body.AsMemory(0, length);
    }

    private static JsonObject Models() => new()
    {
        ["object"] = "list",
        ["data"] = new JsonArray(new JsonObject { ["id"] = Model, ["object"] = "model", ["created"] = 0, ["owned_by"] = "fleet" }),
    };

    private static Task ErrorAsync(HttpContext context, ModelError error)
    {
        if (error.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return JsonAsync(context, error.Status, error.ToJson());
    }

    private static Task JsonAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private static Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; version=0.0.4";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static string Known(HttpRequest request) =>
        request.Path.Value is "/v1/models" or "/v1/chat/completions" && request.Method is "GET" or "POST" ? $"{request.Method} {request.Path}" : "other";

    private static string Headers(HttpRequest request) => string.Concat(request.Headers.Select(h => $" {h.Key}: {h.Value}"));

    // Up to the next whole second, and never none: who waits as long as he is told must not be refused again.
    private static long Seconds(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(time.TotalSeconds));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
