using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.NetworkAgent.Watch;

/// <summary>The API server says no.</summary>
internal sealed class ApiException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}

/// <summary>Reads from the API server with a client certificate.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http;

    /// <param name="server">Such as https://10.0.0.2:6443.</param>
    /// <param name="authority">PEM file of the server's authority.</param>
    /// <param name="certificate">PEM file of the client's certificate.</param>
    /// <param name="key">PEM file of its key.</param>
    public ApiClient(Uri server, string authority, string certificate, string key)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(authority);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = trust,
                ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)],
            },
        };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>For tests: whoever answers.</summary>
    internal ApiClient(HttpMessageHandler answers) => _http = new HttpClient(answers) { BaseAddress = new Uri("http://api"), Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    /// <summary>Reads an object or a list.</summary>
    public async Task<JsonDocument> GetAsync(string path, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await OpenAsync(path, patience.Token);
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            return await JsonDocument.ParseAsync(body, cancellationToken: patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"GET {path}: no answer within {Patience.TotalSeconds} s");
        }
    }

    /// <summary>The events of a watch, until the server ends it.</summary>
    public async IAsyncEnumerable<JsonDocument> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await OpenAsync(path, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line)
            yield return JsonDocument.Parse(line);
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancel)
    {
        var response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw new ApiException(response.StatusCode, $"GET {path}: {(int)response.StatusCode} {Message(await response.Content.ReadAsStringAsync(cancel))}");
    }

    private static string Message(string body)
    {
        try
        {
            using var status = JsonDocument.Parse(body);
            return status.RootElement.Text("message") is { Length: > 0 } message ? message : body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    // A watch is silent for minutes: that its server is gone without a word, only a probe of the connection tells.
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 2);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
