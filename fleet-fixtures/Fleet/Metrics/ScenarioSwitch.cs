using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Metrics;

/// <summary>Who may use <c>POST /scenario</c>.</summary>
internal enum SwitchGuard
{
    /// <summary>Nobody: there is no such path.</summary>
    Off,

    /// <summary>Who shows the token.</summary>
    Token,

    /// <summary>Everybody who reaches the port: the lesson's exporter.</summary>
    Open,
}

/// <summary>The switch for drills: makes GPUs look broken, so that somebody can see the alarms go off.</summary>
/// <param name="alarms">What it switches.</param>
/// <param name="guard">Who may.</param>
/// <param name="tokenFile">Where the token is; read at every request, for a mounted Secret may change.</param>
internal sealed class ScenarioSwitch(Alarms alarms, SwitchGuard guard, string? tokenFile)
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/scenario";

    private const int MaxBody = 4096;
    private const string Bearer = "Bearer ";

    /// <summary>Answers a request to <see cref="Path"/>.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        if (guard == SwitchGuard.Off)
            response.StatusCode = StatusCodes.Status404NotFound;
        else if (guard == SwitchGuard.Token && !HasToken(context.Request))
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (!HttpMethods.IsPost(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "POST";
        }
        else
            await SwitchAsync(context);
    }

    // Compared in a time that does not tell how much of it was right.
    private bool HasToken(HttpRequest request)
    {
        var given = request.Headers.Authorization.ToString();
        return given.StartsWith(Bearer, StringComparison.Ordinal) && Token() is { Length: > 0 } token
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given[Bearer.Length..]), Encoding.UTF8.GetBytes(token));
    }

    // A token that cannot be read opens nothing.
    private string? Token()
    {
        try
        {
            return File.ReadAllText(tokenFile!).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Line($"the token cannot be read: {e.Message}");
            return null;
        }
    }

    private async Task SwitchAsync(HttpContext context)
    {
        try
        {
            var (alarm, gpu) = Parse(await ReadAsync(context.Request));
            foreach (var index in Enumerable.Range(0, alarms.Count).Where(i => gpu is null || gpu == i))
                alarms[index] = alarm;
            Log.Line($"scenario {Name(alarm)} for {(gpu is null ? "all GPUs" : $"GPU {gpu}")}, as {context.Connection.RemoteIpAddress} asked");
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (FormatException e)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(e.Message + "\n", context.RequestAborted);
        }
    }

    private static async Task<string> ReadAsync(HttpRequest request)
    {
        var body = new byte[MaxBody + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return length <= MaxBody ? Encoding.UTF8.GetString(body, 0, length) : throw new FormatException($"the body is longer than {MaxBody} bytes");
    }

    private (Alarm Alarm, int? Gpu) Parse(string body)
    {
        try
        {
            var json = JsonNode.Parse(body);
            var gpu = (int?)json?["gpu"];
            if (Enum.GetValues<Alarm>().Cast<Alarm?>().FirstOrDefault(a => Name(a!.Value) == (string?)json?["scenario"]) is { } alarm && (gpu is null || (gpu >= 0 && gpu < alarms.Count)))
                return (alarm, gpu);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // not of this shape
        }
        throw new FormatException($$"""expected {"scenario": NAME, "gpu": INDEX} with {{string.Join(", ", Enum.GetValues<Alarm>().Select(Name))}} and 0 to {{alarms.Count - 1}}; without gpu all are meant""");
    }

    private static string Name(Alarm alarm) => alarm.ToString().ToLowerInvariant();
}
