using Grpc.Core;
using SecuritySpecs.FleetProgram.V1Beta1;

namespace SecuritySpecs.FleetProgram.DevicePlugin;

/// <summary>The kubelet's side of the contract: the folder for the sockets, and <c>kubelet.sock</c> in it where plugins register.</summary>
internal sealed class Kubelet(string directory)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    /// <summary>Where plugins register.</summary>
    public string Socket { get; } = Path.Combine(directory, "kubelet.sock");

    /// <summary>When the running kubelet made its socket; null while there is none. A kubelet that restarts makes a new one.</summary>
    public DateTime? StartedAt => File.Exists(Socket) ? File.GetLastWriteTimeUtc(Socket) : null;

    /// <summary>Makes the plugin known.</summary>
    /// <param name="endpoint">File name of the plugin's socket.</param>
    /// <param name="resource">What it offers.</param>
    /// <param name="options">What the kubelet may ask of the plugin.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null, or why the kubelet could not be told.</returns>
    public async Task<string?> TryRegisterAsync(string endpoint, string resource, DevicePluginOptions options, CancellationToken cancel)
    {
        using var channel = GrpcSocket.Channel(Socket);
        var registration = new RegisterRequest { Version = "v1beta1", Endpoint = endpoint, ResourceName = resource, Options = options };
        try
        {
            var client = new Registration.RegistrationClient(channel);
            await client.RegisterAsync(registration, deadline: DateTime.UtcNow + s_patience, cancellationToken: cancel);
            return null;
        }
        catch (RpcException e)
        {
            return e.Status.DebugException is { } cause
                ? $"no kubelet answers at {Socket}: {cause.Message}"
                : $"the kubelet refused the registration: {e.StatusCode}: {e.Status.Detail}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"the kubelet at {Socket} did not answer within {s_patience.TotalSeconds} s";
        }
    }
}
