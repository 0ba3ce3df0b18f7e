using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using k8s.Authentication;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;

namespace k8s;

/// <inheritdoc cref="IKubernetes"/>
public partial class Kubernetes : IKubernetes, IVersionOperations
{
    private readonly SocketsHttpHandler transport;
    private readonly X509Certificate2Collection? caCertificates;
    private readonly X509Certificate2? clientCertificate;
    private readonly string? tlsServerName;
    private Uri baseUri;

    /// <param name="config">The API server and the login.</param>
    /// <param name="handlers">What each request over HTTP passes, first one first; WebSockets do not.</param>
    /// <exception cref="KubeConfigException">The server's URL is missing or bad.</exception>
    public Kubernetes(KubernetesClientConfiguration config, params DelegatingHandler[] handlers)
    {
        baseUri = WithSlash(ServerOf(config));
        caCertificates = config.SslCaCerts is { } certificates
            ? [.. certificates.Select(certificate => new X509Certificate2(certificate))]
            : null;
        clientCertificate = ClientCertificateOf(config);
        tlsServerName = config.TlsServerName;
        HttpClientTimeout = config.HttpClientTimeout;
        Credentials = CreateCredentials(config);
        ValidateServer = Validation(config.SkipTlsVerify, caCertificates);
        transport = Transport();
        HttpClient = new HttpClient(Chain(handlers ?? [], transport), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrWhiteSpace(config.UserAgent))
            HttpClient.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", config.UserAgent);
    }

    /// <inheritdoc/>
    public Uri BaseUri
    {
        get => baseUri;
        set => baseUri = WithSlash(value);
    }

    /// <summary>
    /// Speaks TLS as the configuration says, client certificate included. It has no base address and no timeout, and it does not
    /// log in with a token or password: call <see cref="Credentials"/>' ProcessHttpRequestAsync on each request.
    /// </summary>
    public HttpClient HttpClient { get; protected set; }

    /// <summary>The token or password; null where there is none (a client certificate is not one).</summary>
    public ServiceClientCredentials? Credentials { get; private set; }

    /// <summary>The longest time of one operation.</summary>
    public TimeSpan HttpClientTimeout { get; set; }

    /// <inheritdoc/>
    public IVersionOperations Version => this;

    private RemoteCertificateValidationCallback? ValidateServer { get; }

    /// <summary>The login of a configuration, or null.</summary>
    public static ServiceClientCredentials? CreateCredentials(KubernetesClientConfiguration config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.TokenProvider is not null)
            return new TokenCredentials(config.TokenProvider);
        if (!string.IsNullOrEmpty(config.AccessToken))
            return new TokenCredentials(config.AccessToken);
        if (!string.IsNullOrEmpty(config.Username))
            return new BasicAuthenticationCredentials { UserName = config.Username, Password = config.Password };
        return null;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    async Task<VersionInfo> IVersionOperations.GetCodeAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(HttpClientTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(BaseUri, "version/")) { Version = HttpVersion.Version20 };
        using var response = await SendAsync(request, deadline.Token);
        return JsonSerializer.Deserialize<VersionInfo>(await response.Content.ReadAsStringAsync(deadline.Token))!;
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        HttpClient.Dispose();
        clientCertificate?.Dispose();
        foreach (var certificate in caCertificates ?? [])
            certificate.Dispose();
    }

    private static Uri ServerOf(KubernetesClientConfiguration? config)
    {
        if (config is null)
            throw new KubeConfigException("KubeConfig must be provided");
        if (string.IsNullOrWhiteSpace(config.Host))
            throw new KubeConfigException("Host url must be set");
        return Uri.TryCreate(config.Host, UriKind.Absolute, out var uri)
            ? uri
            : throw new KubeConfigException("Bad host url", new UriFormatException(config.Host));
    }

    private static Uri WithSlash(Uri uri) => uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");

    private static X509Certificate2? ClientCertificateOf(KubernetesClientConfiguration config)
    {
        var certificate = Pem(config.ClientCertificateFilePath, config.ClientCertificateData);
        var key = Pem(config.ClientKeyFilePath, config.ClientCertificateKeyData);
        return certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key);
    }

    private static string? Pem(string? file, string? base64)
    {
        if (!string.IsNullOrWhiteSpace(file))
            return File.ReadAllText(file);
        return string.IsNullOrWhiteSpace(base64) ? null : System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
    }

    /// <summary>Null leaves the check to the machine's own trust.</summary>
    private static RemoteCertificateValidationCallback? Validation(bool skip, X509Certificate2Collection? authorities)
    {
#pragma warning disable CA5359 // Whoever sets SkipTlsVerify asks for just this.
        if (skip)
            return (_, _, _, _) => true;
#pragma warning restore CA5359
        if (authorities is null)
            return null;
        return (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None || (IsChainError(errors) && IsIssuedBy(authorities, certificate, chain));
    }

    private static bool IsChainError(SslPolicyErrors errors) => errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);

    /// <summary>
    /// As in the real package, a certificate that one of these authorities issued is trusted whatever name it carries.
    /// </summary>
    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is not X509Certificate2 server || chain is null)
            return false;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        return chain.Build(server);
    }

    private static HttpMessageHandler Chain(DelegatingHandler[] handlers, HttpMessageHandler innermost)
    {
        var first = innermost;
        foreach (var handler in handlers.Reverse())
        {
            var last = handler;
            while (last.InnerHandler is DelegatingHandler inner)
                last = inner;
            last.InnerHandler = first;
            first = handler;
        }

        return first;
    }

    private SocketsHttpHandler Transport()
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.SslOptions.RemoteCertificateValidationCallback = ValidateServer;
        if (clientCertificate is not null)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => clientCertificate;
        return handler;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Credentials is not null)
            await Credentials.ProcessHttpRequestAsync(request, cancellationToken);
        if (!string.IsNullOrWhiteSpace(tlsServerName))
            request.Headers.Host = tlsServerName;
        var response = await HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            var content = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpOperationException($"Operation returned an invalid status code '{response.StatusCode}', response body {content}")
            {
                Request = new HttpRequestMessageWrapper(request, ""),
                Response = new HttpResponseMessageWrapper(response, content),
            };
        }
    }
}
