using System.Net.WebSockets;

namespace k8s;

/// <summary>A connection to one API server as one user.</summary>
public interface IKubernetes : IDisposable
{
    /// <summary>The API server's address, ending in a slash.</summary>
    Uri BaseUri { get; set; }

    IVersionOperations Version { get; }

    /// <summary>
    /// Runs a command in a pod and returns its exit code. The <paramref name="cancellationToken"/> stops the connecting only:
    /// once connected, <paramref name="action"/> must end by itself.
    /// </summary>
    /// <exception cref="WebSocketException">The API server refused; the message has the status code, the body is lost.</exception>
    /// <exception cref="KubernetesException">The command ended without an exit code.</exception>
    Task<int> NamespacedPodExecAsync(
        string name, string @namespace, string container, IEnumerable<string> command, bool tty, ExecAsyncCallback action, CancellationToken cancellationToken);

    /// <summary>Opens the streams of a command in a pod. Name the sub-protocol: without one no exit code is sent.</summary>
    /// <exception cref="WebSocketException">The API server refused; the message has the status code, the body is lost.</exception>
    Task<WebSocket> WebSocketNamespacedPodExecAsync(
        string name,
        string @namespace = "default",
        IEnumerable<string>? command = null,
        string? container = null,
        bool stderr = true,
        bool stdin = true,
        bool stdout = true,
        bool tty = true,
        string? webSocketSubProtocol = null,
        Dictionary<string, List<string>>? customHeaders = null,
        CancellationToken cancellationToken = default);

    /// <summary>Opens the streams of a container's first process. Name the sub-protocol: without one channels are not told apart reliably.</summary>
    /// <exception cref="WebSocketException">The API server refused; the message has the status code, the body is lost.</exception>
    Task<WebSocket> WebSocketNamespacedPodAttachAsync(
        string name,
        string @namespace,
        string? container = null,
        bool stderr = true,
        bool stdin = false,
        bool stdout = true,
        bool tty = false,
        string? webSocketSubProtocol = null,
        Dictionary<string, List<string>>? customHeaders = null,
        CancellationToken cancellationToken = default);

    /// <summary>Opens connections to ports of a pod: for the n-th port channel 2n is its data, 2n+1 its errors.</summary>
    /// <exception cref="WebSocketException">The API server refused; the message has the status code, the body is lost.</exception>
    Task<WebSocket> WebSocketNamespacedPodPortForwardAsync(
        string name,
        string @namespace,
        IEnumerable<int> ports,
        string? webSocketSubProtocol = null,
        Dictionary<string, List<string>>? customHeaders = null,
        CancellationToken cancellationToken = default);
}
