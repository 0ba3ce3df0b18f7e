using System.Text.Json.Serialization;

namespace k8s.Models;

/// <summary>The API server's version.</summary>
public record VersionInfo
{
    [JsonPropertyName("major")]
    public string? Major { get; set; }

    [JsonPropertyName("minor")]
    public string? Minor { get; set; }

    [JsonPropertyName("gitVersion")]
    public string? GitVersion { get; set; }

    [JsonPropertyName("platform")]
    public string? Platform { get; set; }
}
