using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SecuritySpecs.FleetProgram.Cli;

/// <summary>The HTTP servers of the roles.</summary>
internal static class HttpServers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    /// <summary>A server on all interfaces.</summary>
    /// <param name="port">0 is any free one.</param>
    /// <param name="answer">Answers every request.</param>
    /// <param name="configure">What this server has of its own; null for nothing.</param>
    public static WebApplication At(int port, RequestDelegate answer, Action<KestrelServerOptions>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenAnyIP(port);
            configure?.Invoke(kestrel);
        });
        var app = builder.Build();
        app.Run(answer);
        return app;
    }

    /// <summary>The port that a started server really has.</summary>
    public static int Port(this WebApplication app) => new Uri(app.Urls.First()).Port;

    /// <summary>Lets started servers answer until the program is to end. Clients such as Prometheus keep their connections open: nobody waits for these.</summary>
    public static async Task ServeAsync(CancellationToken stop, params IEnumerable<WebApplication> apps)
    {
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(s_patience);
        await Task.WhenAll(apps.Select(a => a.StopAsync(patience.Token)));
    }
}
