using System.Net.Sockets;
using System.Security.Authentication;

namespace SecuritySpecs.Kube;

/// <summary>A request to the API server got no answer. The message says what was asked, what happened, and where to look next.</summary>
/// <param name="message">That.</param>
/// <param name="cause">What .NET said.</param>
public sealed class NoAnswerException(string message, Exception cause) : HttpRequestException(message, cause)
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1);

    /// <summary>Tells of a request that ended in an exception of .NET's.</summary>
    /// <param name="request">The request in words: method, URL and who asked.</param>
    /// <param name="server">Where the API server should be.</param>
    /// <param name="waited">How long an answer was waited for.</param>
    /// <param name="cause">The exception.</param>
    internal static async Task<NoAnswerException> OfAsync(string request, Uri server, TimeSpan waited, Exception cause)
    {
        var innermost = cause;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        var (happened, look) = cause switch
        {
            OperationCanceledException when await AcceptsAsync(server) => (
                $"{server.Authority} accepts the connection, and sent no answer within {waited.TotalSeconds:0.#} s",
                "whether an API server listens there and is not overloaded (its log), and whether a proxy or firewall stands between"),
            OperationCanceledException => (
                $"could not connect to {server.Authority} within {waited.TotalSeconds:0.#} s",
                "whether the address and port are right, and whether a firewall drops the packets"),
            _ when IsTls(cause) => (
                $"the TLS connection to {server.Authority} failed: {innermost.Message.TrimEnd('.')}",
                "certificate-authority-data and server in the kubeconfig: the authority must have signed the server's certificate, which must name this "
                + "host; a server that speaks plain HTTP is http://"),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => (
                $"the name {server.Host} was not found", "the server in the kubeconfig, and the DNS of this machine"),
            _ when innermost is SocketException { SocketErrorCode: SocketError.ConnectionRefused } => (
                $"nothing listens on {server.Authority} (connection refused)", "whether the cluster runs, and whether the port is right"),
            _ => ($"{server.Authority} closed the connection without an HTTP answer: {innermost.Message.TrimEnd('.')}",
                "whether an API server listens there, and whether it still runs (its log)"),
        };
        return new($"{request}: {happened}. Look at {look}.", cause);
    }

    private static bool IsTls(Exception? cause) =>
        cause is AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } || (cause is not null && IsTls(cause.InnerException));

    private static async Task<bool> AcceptsAsync(Uri server)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(ConnectPatience);
        try
        {
            await socket.ConnectAsync(server.Host, server.Port, patience.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
