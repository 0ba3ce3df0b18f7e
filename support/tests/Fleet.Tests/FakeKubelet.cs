using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using SecuritySpecs.FleetProgram.Kube;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.Tests;

/// <summary>The kubelet's half of the contract: its registration socket in <paramref name="folder"/>, and what it does to that folder when it starts.</summary>
internal sealed class FakeKubelet(string folder) : Registration.RegistrationBase, IAsyncDisposable
{
    private readonly ConcurrentQueue<RegisterRequest> _registrations = new();
    private WebApplication? _app;

    /// <summary>How many of the next registrations are refused.</summary>
    public int Refusals { get; set; }

    /// <summary>Starts like the real one: removes all sockets, then makes its own.</summary>
    public async Task StartAsync()
    {
        foreach (var left in Directory.GetFiles(folder))
            File.Delete(left);
        _app = GrpcSocket.Server(Path.Combine(folder, "kubelet.sock"), this);
        await _app.StartAsync();
    }

    public override Task<Empty> Register(RegisterRequest request, ServerCallContext context)
    {
        if (Refusals-- > 0)
            throw new RpcException(new Status(StatusCode.Unknown, "not today"));
        _registrations.Enqueue(request);
        return Task.FromResult(new Empty());
    }

    /// <summary>The newest registration, waited for.</summary>
    public async Task<RegisterRequest> RegisteredAsync(FleetProcess plugin)
    {
        await Eventually.HoldsAsync(() => !_registrations.IsEmpty, "a registration with the kubelet", () => plugin.Output);
        return _registrations.Last();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null)
            return;
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
