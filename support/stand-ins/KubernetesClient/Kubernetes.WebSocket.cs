using System.Net.WebSockets;
using System.Text.Json;
using k8s.Models;

namespace k8s;

public partial class Kubernetes
{
    /// <inheritdoc/>
    public async Task<int> NamespacedPodExecAsync(
        string name, string @namespace, string container, IEnumerable<string> command, bool tty, ExecAsyncCallback action, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        var socket = await WebSocketNamespacedPodExecAsync(
            name, @namespace, command, container, tty: tty,
            webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol, cancellationToken: cancellationToken);
        using var demuxer = new StreamDemuxer(socket, ownsSocket: true);
        await using var stdIn = demuxer.GetStream(null, ChannelIndex.StdIn);
        await using var stdOut = demuxer.GetStream(ChannelIndex.StdOut, null);
        await using var stdErr = demuxer.GetStream(ChannelIndex.StdErr, null);
        using var error = new StreamReader(demuxer.GetStream(ChannelIndex.Error, null));
        demuxer.Start();
        await action(stdIn, stdOut, stdErr);
        return ExitCodeOf(JsonSerializer.Deserialize<V1Status>(await error.ReadToEndAsync(CancellationToken.None))!);
    }

    /// <inheritdoc/>
    public Task<WebSocket> WebSocketNamespacedPodExecAsync(
        string name,
        string @namespace = "default",
        IEnumerable<string>? command = null,
        string? container = null,
        bool stderr = true,
        bool stdin = true,
        bool stdout = true,
        bool tty = true,
        string? webSocketSubProtocol = WebSocketProtocol.V4BinaryWebsocketProtocol,
        Dictionary<string, List<string>>? customHeaders = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(@namespace);
        ArgumentNullException.ThrowIfNull(command);
        var query = command.Select(word => $"command={Uri.EscapeDataString(word)}").ToList();
        ArgumentOutOfRangeException.ThrowIfZero(query.Count, nameof(command));
        if (!string.IsNullOrEmpty(container))
            query.Add($"container={Uri.EscapeDataString(container)}");
        query.AddRange(Streams(stderr, stdin, stdout, tty));
        return ConnectAsync(PodUri(name, @namespace, "exec", query), webSocketSubProtocol, customHeaders, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<WebSocket> WebSocketNamespacedPodAttachAsync(
        string name,
        string @namespace,
        string? container = null,
        bool stderr = true,
        bool stdin = false,
        bool stdout = true,
        bool tty = false,
        string? webSocketSubProtocol = null,
        Dictionary<string, List<string>>? customHeaders = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(@namespace);
        string[] query = [.. Streams(stderr, stdin, stdout, tty), $"container={Uri.EscapeDataString(container ?? "")}"];
        return ConnectAsync(PodUri(name, @namespace, "attach", query), webSocketSubProtocol, customHeaders, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<WebSocket> WebSocketNamespacedPodPortForwardAsync(
        string name,
        string @namespace,
        IEnumerable<int> ports,
        string? webSocketSubProtocol = null,
        Dictionary<string, List<string>>? customHeaders = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(@namespace);
        ArgumentNullException.ThrowIfNull(ports);
        var uri = PodUri(name, @namespace, "portforward", ports.Select(port => FormattableString.Invariant($"ports={port}")));
        return ConnectAsync(uri, webSocketSubProtocol, customHeaders, cancellationToken);
    }

    private static int ExitCodeOf(V1Status status)
    {
        if (status.Status == "Success")
            return 0;
        var code = status.Reason == "NonZeroExitCode"
            ? status.Details?.Causes?.FirstOrDefault(cause => cause.Reason == "ExitCode")?.Message
            : null;
        return int.TryParse(code, out var number) ? number : throw new KubernetesException(status);
    }

    private static string[] Streams(bool stderr, bool stdin, bool stdout, bool tty) =>
        [$"stderr={Flag(stderr)}", $"stdin={Flag(stdin)}", $"stdout={Flag(stdout)}", $"tty={Flag(tty)}"];

    private static char Flag(bool value) => value ? '1' : '0';

    private Uri PodUri(string name, string @namespace, string subresource, IEnumerable<string> query) => new UriBuilder(BaseUri)
    {
        Scheme = BaseUri.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs,
        Path = $"{BaseUri.AbsolutePath}api/v1/namespaces/{@namespace}/pods/{name}/{subresource}",
        Query = string.Join('&', query),
    }.Uri;

    /// <summary>A denied upgrade is the WebSocketException that ClientWebSocket throws: its message has the status code.</summary>
    private async Task<WebSocket> ConnectAsync(
        Uri uri, string? subProtocol, Dictionary<string, List<string>>? headers, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            await ConfigureAsync(socket.Options, subProtocol, headers, cancellationToken);
            await socket.ConnectAsync(uri, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ConfigureAsync(
        ClientWebSocketOptions options, string? subProtocol, Dictionary<string, List<string>>? headers, CancellationToken cancellationToken)
    {
        foreach (var header in headers ?? [])
            options.SetRequestHeader(header.Key, string.Join(' ', header.Value));
        if (clientCertificate is not null)
            options.ClientCertificates.Add(clientCertificate);
        if (ValidateServer is not null)
            options.RemoteCertificateValidationCallback = ValidateServer;
        if (subProtocol is not null)
            options.AddSubProtocol(subProtocol);
        if (Credentials is null)
            return;
        using var login = new HttpRequestMessage();
        await Credentials.ProcessHttpRequestAsync(login, cancellationToken);
        foreach (var header in login.Headers)
            options.SetRequestHeader(header.Key, string.Join(' ', header.Value));
    }
}
