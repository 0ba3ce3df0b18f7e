using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The kubelet's half of the contract: its registration socket in <paramref name="folder"/>, and what it does to that folder when it starts.</summary>
internal sealed class FakeKubelet(string folder) : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> _registrations = new();
    private WebApplication? _app;

    /// <summary>How many of the next registrations are refused.</summary>
    public int Refusals { get; set; }

    /// <summary>The registrations of this kubelet, as bytes and in order.</summary>
    public IReadOnlyCollection<byte[]> Registrations => _registrations;

    /// <summary>Starts like the real one: removes all sockets, then makes its own.</summary>
    public async Task StartAsync()
    {
        foreach (var left in Directory.GetFiles(folder))
            File.Delete(left);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenUnixSocket(Path.Combine(folder, "kubelet.sock"), l => l.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(RegisterAsync);
        await _app.StartAsync();
    }

    /// <summary>The newest registration, waited for.</summary>
    public async Task<RegisterRequest> RegisteredAsync(FleetProcess plugin)
    {
        await Eventually.HoldsAsync(() => !_registrations.IsEmpty, "a registration with the kubelet", () => plugin.Output);
        return RegisterRequest.Parser.ParseFrom(_registrations.Last());
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
            return;
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task RegisterAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var message = context.Request.Path == "/v1beta1.Registration/Register" ? await Frame.NextAsync(context.Request.Body, context.RequestAborted) : null;
        if (message is null || Refusals-- > 0)
        {
            context.Response.Headers["grpc-status"] = "2"; // without a message, the status goes with the headers
            context.Response.Headers["grpc-message"] = "not%20today";
            return;
        }
        _registrations.Enqueue(message);
        await context.Response.Body.WriteAsync(Frame.Of(new Empty()), context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
