using System.Text.Json.Serialization;

namespace k8s.KubeConfigModels;

/// <summary>What a credential plugin prints.</summary>
public class ExecCredentialResponse
{
    [JsonPropertyName("apiVersion")]
    public string? ApiVersion { get; set; }

    [JsonPropertyName("kind")]
    public string? Kind { get; set; }

    [JsonPropertyName("status")]
    public ExecStatus? Status { get; set; }

    /// <summary>The credentials: a token, or a certificate with its key (both PEM), or all three.</summary>
    public class ExecStatus
    {
        [JsonPropertyName("expirationTimestamp")]
        public DateTime? ExpirationTimestamp { get; set; }

        [JsonPropertyName("token")]
        public string? Token { get; set; }

        [JsonPropertyName("clientCertificateData")]
        public string? ClientCertificateData { get; set; }

        [JsonPropertyName("clientKeyData")]
        public string? ClientKeyData { get; set; }

        public bool IsValid() =>
            !string.IsNullOrEmpty(Token)
            || (!string.IsNullOrEmpty(ClientCertificateData) && !string.IsNullOrEmpty(ClientKeyData));
    }
}
