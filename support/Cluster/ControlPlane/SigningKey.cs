using System.Buffers.Text;
using System.Security.Cryptography;

namespace SecuritySpecs.Cluster.ControlPlane;

/// <summary>The key that signs the tokens of ServiceAccounts, of a cluster that this project starts. It stays in this class.</summary>
/// <param name="container">The id of the container of the API server.</param>
public sealed class SigningKey(string container)
{
    private const string KeyPath = "/var/lib/rancher/k3s/server/tls/service.key";

    /// <summary>A token with given claims, which the API server takes for one of its own.</summary>
    public async Task<string> SignAsync(JsonObject claims)
    {
        var pem = await ContainerEngine.OutputAsync(container, "cat", KeyPath);
        using var key = RSA.Create();
        key.ImportFromPem(Encoding.UTF8.GetString(pem.Span));
        var text = $"{Part(new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT" })}.{Part(claims)}";
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
