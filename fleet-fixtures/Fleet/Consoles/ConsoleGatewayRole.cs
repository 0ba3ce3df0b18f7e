using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.Models;

namespace SecuritySpecs.FleetProgram.Consoles;

/// <summary><c>fleet console-gateway</c>: stands before a console that believes a header, and says in it who the user is.</summary>
internal sealed class ConsoleGatewayRole : Role
{
    private const int DefaultPort = 8090;

    public override string Name => "console-gateway";

    public override string Summary => "a gateway before a console: asks for a session's key, and tells the console whose it is";

    public override IReadOnlyCollection<string> Options => ["--to", "--users", "--port"];

    public override string Help =>
        $"""
        Usage: fleet console-gateway --to http://HOST:PORT --users DIR [--port PORT]

        Passes GET requests on to the console. A request shows the key of its user's session as 'Authorization: Bearer KEY', 401
        otherwise. The console is told the user by the header {Product.UserHeader}. Nothing that the caller says in a header of
        its own is passed on, so nobody names himself.

          --to URL      the console
          --users DIR   one file a user, called by the user's name, with the key of his session (a mounted Secret), of at least
                        {KeyRing.ShortestKey} characters; read again for each request
          --port PORT   0 to 65535; 0 is any free one, which the log names (default {DefaultPort})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        if (!Uri.TryCreate(arguments.Text("--to"), UriKind.Absolute, out var console) || console.Scheme != "http")
            throw new UsageException("--to: expected http://HOST:PORT");
        var folder = arguments.Text("--users") ?? throw new UsageException("--users is missing");
        var users = new KeyRing(folder, null, Log.Line);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = console };
        await using var app = HttpServers.At(arguments.Number("--port", 0, 65535, DefaultPort), context => PassAsync(context, users, http));
        await app.StartAsync(stop);
        Log.Line($"answering on port {app.Port()}");
        await HttpServers.ServeAsync(stop, app);
        return 0;
    }

    private static async Task PassAsync(HttpContext context, KeyRing users, HttpClient http)
    {
        if (users.IdOf(context.Request.Headers.Authorization.ToArray()) is not { } user)
        {
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, "show the key of a session");
            return;
        }
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "only GET is passed on");
            return;
        }
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(context.Request.Path + context.Request.QueryString, UriKind.Relative));
        request.Headers.Add(Product.UserHeader, user);
        try
        {
            using var response = await http.SendAsync(request, context.RequestAborted);
            await AnswerAsync(context, (int)response.StatusCode, await response.Content.ReadAsStringAsync(context.RequestAborted));
        }
        catch (HttpRequestException e)
        {
            await AnswerAsync(context, StatusCodes.Status502BadGateway, e.Message);
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
