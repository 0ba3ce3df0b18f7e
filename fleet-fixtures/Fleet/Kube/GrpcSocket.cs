using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace SecuritySpecs.FleetProgram.Kube;

/// <summary>gRPC over a unix socket, as a kubelet and the programs on its node speak it.</summary>
internal static class GrpcSocket
{
    // MapGrpcService finds these by reflection, so trimming must keep them.
    private const DynamicallyAccessedMemberTypes ServiceMembers = DynamicallyAccessedMemberTypes.PublicConstructors
        | DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    /// <summary>A server of one service. It creates the socket when it starts.</summary>
    public static WebApplication Server<[DynamicallyAccessedMembers(ServiceMembers)] T>(string path, T service) where T : class
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(path, listen => listen.Protocols = HttpProtocols.Http2);
        });
        // The node's kubelet may read why a call failed.
        builder.Services.AddGrpc(options => options.EnableDetailedErrors = true);
        builder.Services.AddSingleton(service);
        var app = builder.Build();
        app.MapGrpcService<T>();
        return app;
    }

    /// <summary>
    /// A client of the server behind the socket. A call that is cancelled or misses its deadline throws <see cref="OperationCanceledException"/>.
    /// </summary>
    public static GrpcChannel Channel(string path) => GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancel) => ConnectAsync(path, cancel) },
        DisposeHttpClient = true,
        ThrowOperationCanceledOnCancellation = true,
    });

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancel)
    {
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
