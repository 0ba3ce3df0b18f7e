using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace KubernetesClientContract;

/// <summary>What the server saw of one request.</summary>
internal sealed record SeenRequest(
    string Path, string Query, string Protocol, string Host, string? Authorization, string? ClientName, string? UserAgent, string? SubProtocol);

/// <summary>
/// As much of an API server as a client's transport needs: TLS, logins shown back, streams over WebSockets.
/// Whoever comes with the token "denied" is answered 403 with a Status.
/// </summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string DeniedToken = "denied";
    private readonly WebApplication app;
    private readonly ConcurrentQueue<SeenRequest> seen = new();

    private ApiServer(WebApplication app) => this.app = app;

    public string Url => app.Urls.Single();

    public SeenRequest Last => seen.Last();

    public static async Task<ApiServer> StartAsync(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificate, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var server = new ApiServer(builder.Build());
        server.app.UseWebSockets();
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        Note(context);
        if (context.Request.Headers.Authorization == $"Bearer {DeniedToken}")
            return DenyAsync(context);
        return context.Request.Path.Value switch
        {
            "/version" or "/version/" => context.Response.WriteAsync("""{"major":"1","minor":"36","gitVersion":"v1.36.0"}"""),
            "/api/v1/namespaces/team/pods/web/exec" => InSocketAsync(context, ExecAsync),
            "/api/v1/namespaces/team/pods/web/attach" => InSocketAsync(context, (socket, _) => SayAsync(socket, "at work", "", "0")),
            "/api/v1/namespaces/team/pods/web/portforward" => InSocketAsync(context, EchoPortAsync),
            _ => context.Response.WriteAsync("hello"),
        };
    }

    private void Note(HttpContext context)
    {
        var request = context.Request;
        seen.Enqueue(new SeenRequest(
            request.Path,
            request.QueryString.Value ?? "",
            request.Protocol,
            request.Host.Value ?? "",
            request.Headers.Authorization,
            context.Connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, false),
            request.Headers.UserAgent,
            request.Headers.SecWebSocketProtocol));
    }

    private static Task DenyAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"not for you","reason":"Forbidden","code":403}""");
    }

    private static async Task InSocketAsync(HttpContext context, Func<WebSocket, string[], Task> talk)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault());
        await talk(socket, [.. context.Request.Query["command"].OfType<string>()]);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    /// <summary>The "commands" of this server's pod.</summary>
    private static Task ExecAsync(WebSocket socket, string[] command) => command[0] switch
    {
        "say" => SayAsync(socket, command[1], command[2], command[3]),
        "repeat-a-line" => RepeatAsync(socket),
        "flood" => FloodAsync(socket, int.Parse(command[1], System.Globalization.CultureInfo.InvariantCulture)),
        _ => SendAsync(socket, 3, """{"status":"Failure","reason":"InternalError","message":"no such command","code":500}"""),
    };

    private static async Task SayAsync(WebSocket socket, string output, string error, string exitCode)
    {
        // The API server begins with an empty message on each channel.
        await SendAsync(socket, 1, "");
        await SendAsync(socket, 1, output);
        await SendAsync(socket, 2, error);
        await SendExitCodeAsync(socket, exitCode);
    }

    private static async Task RepeatAsync(WebSocket socket)
    {
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, CancellationToken.None);
        await SendAsync(socket, 1, $"channel {buffer[0]}: {Encoding.UTF8.GetString(buffer, 1, message.Count - 1)}");
        await SendExitCodeAsync(socket, "0");
    }

    /// <summary>Many numbers in one message of many parts.</summary>
    private static async Task FloodAsync(WebSocket socket, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            var text = Encoding.UTF8.GetBytes(FormattableString.Invariant($"{number}\n"));
            byte[] part = number == 1 ? [1, .. text] : text;
            await socket.SendAsync(part, WebSocketMessageType.Binary, number == count, CancellationToken.None);
        }

        await SendExitCodeAsync(socket, "0");
    }

    /// <summary>Port 80 of this server's pod shouts back.</summary>
    private static async Task EchoPortAsync(WebSocket socket, string[] command)
    {
        await socket.SendAsync(new byte[] { 0, 80, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        await socket.SendAsync(new byte[] { 1, 80, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, CancellationToken.None);
        await SendAsync(socket, 0, Encoding.UTF8.GetString(buffer, 1, message.Count - 1).ToUpperInvariant());
    }

    private static Task SendExitCodeAsync(WebSocket socket, string exitCode) => SendAsync(socket, 3, JsonSerializer.Serialize(
        exitCode == "0"
            ? new { metadata = new { }, status = "Success", reason = "", details = new { causes = Array.Empty<object>() } }
            : (object)new
            {
                metadata = new { },
                status = "Failure",
                reason = "NonZeroExitCode",
                message = $"command terminated with non-zero exit code: exit status {exitCode}",
                details = new { causes = new[] { new { reason = "ExitCode", message = exitCode } } },
            }));

    private static Task SendAsync(WebSocket socket, byte channel, string text) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, true, CancellationToken.None);
}
