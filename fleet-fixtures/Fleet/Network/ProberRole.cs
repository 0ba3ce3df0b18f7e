using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.Cli;

namespace SecuritySpecs.FleetProgram.Network;

/// <summary>Who answered, by its own environment; empty where the pod does not say.</summary>
internal sealed record Whoami(string Pod, string Namespace, string Node);

/// <summary><c>fleet prober</c>: what other pods try to reach. It answers everyone, on purpose.</summary>
internal sealed class ProberRole : Role
{
    private const int DefaultPort = 8080;

    public override string Name => "prober";

    public override string Summary => "an HTTP server that says which pod it is: the target of network checks";

    public override IReadOnlyCollection<string> Options => ["--port"];

    public override string Help =>
        $$"""
        Usage: fleet prober [--port PORT]

        Answers GET / on all interfaces with {"pod":...,"namespace":...,"node":...}, taken from the environment
        variables POD_NAME, POD_NAMESPACE and NODE_NAME. Runs until SIGTERM.

          --port PORT  1 to 65535 (default {{DefaultPort}})
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var port = arguments.Number("--port", 1, 65535, DefaultPort);
        await using var app = Server(port);
        await app.StartAsync(stop);
        Log.Line($"answering on port {port}");
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(patience.Token);
        return 0;
    }

    private static WebApplication Server(int port)
    {
        var answer = JsonSerializer.SerializeToUtf8Bytes(new Whoami(Env("POD_NAME"), Env("POD_NAMESPACE"), Env("NODE_NAME")), Json.Shapes.Whoami);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAnyIP(port));
        var app = builder.Build();
        app.Run(context => AnswerAsync(context, answer));
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, byte[] answer)
    {
        if (context.Request.Path != "/" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = context.Request.Path == "/" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static string Env(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
