using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.FleetProgram.Kube;

/// <summary>The API server says no, or cannot be reached.</summary>
/// <param name="status">The HTTP status; null where none came.</param>
/// <param name="message">What was asked and what came of it.</param>
internal sealed class KubeException(HttpStatusCode? status, string message) : Exception(message)
{
    public HttpStatusCode? Status { get; } = status;
}

/// <summary>Talks to the API server with the pod's own ServiceAccount, in JSON as it comes.</summary>
internal sealed class KubeClient : IDisposable
{
    /// <summary>How to name another API server in a role's help.</summary>
    public const string Option = "--api";

    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http;
    private readonly bool _inCluster;

    private KubeClient(Uri server, SslClientAuthenticationOptions? tls)
    {
        _inCluster = tls is not null;
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (tls is not null)
            handler.SslOptions = tls;
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The server that <c>--api</c> names, or else the cluster that this pod is in.</summary>
    /// <exception cref="FleetException">This is no pod with a ServiceAccount's token.</exception>
    public static KubeClient Open(string? url)
    {
        if (url is not null)
        {
            return Uri.TryCreate(url, UriKind.Absolute, out var server) && server.Scheme == "http"
                ? new KubeClient(server, null)
                : throw new UsageException($"{Option} {url}: expected http://HOST:PORT (within a cluster it is not needed)");
        }
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        if (host is null || !File.Exists($"{Account}/token"))
            throw new FleetException($"this is no pod with a ServiceAccount's token ({Account}/token, KUBERNETES_SERVICE_HOST); elsewhere name the API server with {Option}");
        var address = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return new KubeClient(new Uri($"https://{address}:{Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT")}"), Trust());
    }

    /// <summary>Reads an object or a list.</summary>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, null, null, cancel);

    /// <summary>Creates an object.</summary>
    public Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, body, "application/json", cancel);

    /// <summary>Changes fields; a null removes one (JSON merge patch).</summary>
    public Task<JsonNode> PatchAsync(string path, JsonNode body, CancellationToken cancel) => SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json", cancel);

    /// <summary>Changes fields, and of the lists that Kubernetes knows by key only the named items.</summary>
    public Task<JsonNode> PatchByKeyAsync(string path, JsonNode body, CancellationToken cancel) =>
        SendAsync(HttpMethod.Patch, path, body, "application/strategic-merge-patch+json", cancel);

    /// <summary>The events of a watch, until the server ends it.</summary>
    public async IAsyncEnumerable<JsonNode> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, path, null, null);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            throw await RefusalAsync(request, response, cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        while (await reader.ReadLineAsync(cancel) is { } line)
            yield return JsonNode.Parse(line)!;
    }

    public void Dispose() => _http.Dispose();

    private static SslClientAuthenticationOptions Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile($"{Account}/ca.crt");
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, string? type, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(s_patience);
        using var request = Request(method, path, body, type);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            if (!response.IsSuccessStatusCode)
                throw await RefusalAsync(request, response, patience.Token);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(patience.Token))!;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new KubeException(null, $"{method} {path}: no answer within {s_patience.TotalSeconds} s");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or CryptographicException)
        {
            throw new KubeException(null, $"{method} {path}: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonNode? body, string? type)
    {
        var request = new HttpRequestMessage(method, path);
        // Read each time: the kubelet replaces the token before it expires.
        if (_inCluster)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText($"{Account}/token").Trim());
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type!);
        return request;
    }

    private static async Task<KubeException> RefusalAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        string message;
        try
        {
            message = (string?)JsonNode.Parse(text)?["message"] ?? text;
        }
        catch (JsonException)
        {
            message = text;
        }
        return new KubeException(response.StatusCode, $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {message}");
    }
}
