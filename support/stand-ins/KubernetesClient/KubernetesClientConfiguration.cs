using System.Security.Cryptography.X509Certificates;
using k8s.Authentication;

namespace k8s;

/// <summary>Where an API server is, what it is trusted by, and who logs in to it.</summary>
public partial class KubernetesClientConfiguration
{
    /// <summary>The API server's URL.</summary>
    public string? Host { get; set; }

    /// <summary>The context's namespace; null where it names none.</summary>
    public string? Namespace { get; set; }

    /// <summary>The context that was read from a kubeconfig.</summary>
    public string? CurrentContext { get; private set; }

    /// <summary>The only certificates that the API server is trusted by; null for those of the machine.</summary>
    public X509Certificate2Collection? SslCaCerts { get; set; }

    public bool SkipTlsVerify { get; set; }

    /// <summary>The Host header (and with it the TLS server name) of the client's own operations.</summary>
    public string? TlsServerName { get; set; }

    /// <summary>A PEM certificate in base64.</summary>
    public string? ClientCertificateData { get; set; }

    /// <summary>A PEM key in base64.</summary>
    public string? ClientCertificateKeyData { get; set; }

    /// <summary>A PEM file; wins over <see cref="ClientCertificateData"/>.</summary>
    public string? ClientCertificateFilePath { get; set; }

    /// <summary>A PEM file; wins over <see cref="ClientCertificateKeyData"/>.</summary>
    public string? ClientKeyFilePath { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public string? AccessToken { get; set; }

    /// <summary>Gives tokens that change; wins over <see cref="AccessToken"/>.</summary>
    public ITokenProvider? TokenProvider { get; set; }

    public string UserAgent { get; set; } = "kubernetes-csharp/20.0.0";

    /// <summary>The longest time of one of the client's own operations; no bound on what is sent through its HttpClient.</summary>
    public TimeSpan HttpClientTimeout { get; set; } = TimeSpan.FromSeconds(100);
}
