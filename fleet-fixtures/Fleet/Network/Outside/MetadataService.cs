using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>
/// What a cloud's nodes find at 169.254.169.254, in the form that AWS gives it: credentials of the node's own role, for every process
/// on it. In the first form of the service whoever asks gets them; in the second (IMDSv2) whoever asks for a token first.
/// </summary>
/// <param name="sessions">Begins a session for each answer.</param>
internal sealed class MetadataService(CloudSessions sessions)
{
    /// <summary>Where tokens are, by PUT.</summary>
    public const string TokenPath = "/latest/api/token";

    /// <summary>For how long a token is wanted, in seconds.</summary>
    public const string LifetimeHeader = "X-aws-ec2-metadata-token-ttl-seconds";

    /// <summary>The token.</summary>
    public const string TokenHeader = "X-aws-ec2-metadata-token";

    private const string Role = "gpu-node";
    private const string Credentials = "/latest/meta-data/iam/security-credentials/";

    private readonly string _token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context) => (context.Request.Method, context.Request.Path.Value) switch
    {
        ("PUT", TokenPath) when context.Request.Headers.ContainsKey(LifetimeHeader) => SayAsync(context, 200, _token),
        ("PUT", TokenPath) => SayAsync(context, 400, $"{LifetimeHeader} is missing"),
        ("GET", _) when context.Request.Headers.TryGetValue(TokenHeader, out var token) && token != _token => SayAsync(context, 401, "Unauthorized"),
        ("GET", Credentials) => SayAsync(context, 200, Role),
        ("GET", Credentials + Role) => SayAsync(context, 200, Secret()),
        ("GET", "/") => SayAsync(context, 200, "latest"),
        _ => SayAsync(context, 404, "Not Found"),
    };

    // Marked as what it is: nobody is to find it in a log and wonder.
    private string Secret()
    {
        var (name, token) = sessions.Begin();
        return $$"""{"Code":"Success","Type":"FAKE","AccessKeyId":"{{name}}","SecretAccessKey":"fake-node-credential","Token":"{{token}}"}""";
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text);
    }
}
