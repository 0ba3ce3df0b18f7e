using Microsoft.AspNetCore.Http;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>
/// What a cloud's credentials open: a bucket, in the form of S3. It looks at the session's token alone, where S3 checks a signature, too.
/// And what a cloud's administrator does to a session that was stolen, as "Revoke IAM role temporary security credentials" in AWS' guide.
/// </summary>
internal sealed class CloudApi(CloudSessions sessions)
{
    /// <summary>The token of the session.</summary>
    public const string TokenHeader = "X-Amz-Security-Token";

    private const string Bucket = "/models/";
    private const string Sessions = "/sessions/";
    private const string Owner = "outside/bucket";
    private const string Denied = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers[Whoami.Header] = Owner;
        return (context.Request.Method, context.Request.Path.Value!) switch
        {
            ("GET", var path) when path.StartsWith(Bucket, StringComparison.Ordinal) && sessions.Accepts(context.Request.Headers[TokenHeader].ToString()) => SayAsync(context, 200, "weights of the platform"),
            ("DELETE", var path) when path.StartsWith(Sessions, StringComparison.Ordinal) => SayAsync(context, sessions.Revoke(path[Sessions.Length..]) ? 200 : 404, ""),
            _ => SayAsync(context, 403, Denied),
        };
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text);
    }
}
