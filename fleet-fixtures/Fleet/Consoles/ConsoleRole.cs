using Microsoft.AspNetCore.Http;
using SecuritySpecs.FleetProgram.Network;

namespace SecuritySpecs.FleetProgram.Consoles;

/// <summary><c>fleet console</c>: plays consoles of the ML stack, each on its port, as they are without a login.</summary>
internal sealed class ConsoleRole : Role
{
    private static readonly string s_names = string.Join(", ", Product.All.Select(p => $"{p.Name} ({p.Port})"));

    public override string Name => "console";

    public override string Summary => "consoles of the ML stack without a login: Ray, MLflow, Kubeflow, Jupyter, Airflow, W&B";

    public override IReadOnlyCollection<string> Options => ["--as"];

    public override string Help =>
        $"""
        Usage: fleet console --as NAME[:PORT][,NAME[:PORT]...]

        Answers on the port of each product as the product does to somebody without credentials: its front page, and the one
        request that gives the most away. Every answer says by the header {Whoami.Header} which pod it is. Ray really runs the
        entrypoint of a job, a shell command, in this container, and shows what it printed.

          --as LIST  {s_names}; PORT is for another port, 0 for any free one, which the log names
        """;

    public override async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        arguments.NoWords();
        var list = arguments.Text("--as") ?? throw new UsageException($"--as is missing: {s_names}");
        var apps = list.Split(',').Select(Parse).Select(p => (Product: p, App: HttpServers.At(p.Port, context => AnswerAsync(context, p)))).ToList();
        foreach (var (product, app) in apps)
        {
            await app.StartAsync(stop);
            Log.Line($"{product.Name} is answering on port {app.Port()}");
        }
        await HttpServers.ServeAsync(stop, apps.Select(a => a.App));
        return 0;
    }

    private static Product Parse(string text)
    {
        var parts = text.Split(':', 2);
        var product = Product.All.FirstOrDefault(p => p.Name == parts[0]) ?? throw new UsageException($"--as {text}: unknown; known: {s_names}");
        if (parts.Length == 1)
            return product;
        return ushort.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? product with { Port = port }
            : throw new UsageException($"--as {text}: a port from 0 to 65535 is expected");
    }

    private static async Task AnswerAsync(HttpContext context, Product product)
    {
        context.Response.Headers[Whoami.Header] = Whoami.Mine.Name;
        var answer = context.Request.Path == "/" ? $"<title>{product.Title}</title>" : await product.AnswerAsync(context.Request);
        context.Response.StatusCode = answer is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        context.Response.ContentType = context.Request.Path == "/" ? "text/html" : "application/json";
        await context.Response.WriteAsync(answer ?? "{}", context.RequestAborted);
    }
}
