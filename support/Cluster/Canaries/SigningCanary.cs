using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.Cluster.Canaries;

/// <summary>
/// Finds out whether the cluster signs client certificates, which no API tells: managed clusters approve a request and never sign
/// it. A request in the name of nobody, whose key is thrown away, is the test.
/// </summary>
internal sealed class SigningCanary(KubeApi admin, RunOptions options)
{
    private const string Requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

    /// <summary>How long an approved request may stay unsigned while the API server answers.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    public async Task<CapabilityInfo> DetectAsync()
    {
        var request = (await admin.PostAsync(Requests, Request())).OrThrow().Body!;
        var path = $"{Requests}/{(string)request["metadata"]!["name"]!}";
        try
        {
            request["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Approved", ["status"] = "True", ["reason"] = "Canary", ["message"] = "SecuritySpecs looks whether this is signed" }),
            };
            (await admin.PutAsync(path + "/approval", request)).OrThrow();
            return await JudgeAsync(path);
        }
        finally
        {
            await admin.RemoveAsync(path, (string)request["metadata"]!["uid"]!);
        }
    }

    // As long as the request is read back approved, no certificate in it is an answer; a failed read is none.
    private async Task<CapabilityInfo> JudgeAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        var last = await Poll.UntilAsync("an approved certificate request to be signed", () => admin.GetUnrecordedAsync(path),
            a => Certificate(a) is not null || Condition(a, "Failed") is not null || clock.Elapsed > Patience, a => a.ToString(), 4 * Patience);
        if (Certificate(last) is not null)
            return new(CapabilityDetector.CertificateSigning, true, "an approved certificate request was signed");
        if (Condition(last, "Failed") is { } failed)
            return new(CapabilityDetector.CertificateSigning, false, $"the signer refuses: {failed.ToJsonString()}");
        return Condition(last, "Approved") is not null
            ? new(CapabilityDetector.CertificateSigning, false, $"an approved certificate request was not signed within {Patience.TotalSeconds:0} s")
            : throw new InvalidOperationException($"the certificate request was approved and is not: {last.Body!["status"]?.ToJsonString()}");
    }

    private JsonObject Request()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = new CertificateRequest("CN=security-specs-canary", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return new()
        {
            ["apiVersion"] = "certificates.k8s.io/v1", ["kind"] = "CertificateSigningRequest",
            ["metadata"] = new JsonObject { ["name"] = $"canary-{options.RunId}", ["labels"] = new JsonObject { [RunLabels.Run] = options.RunId } },
            ["spec"] = new JsonObject
            {
                ["request"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem)), ["signerName"] = "kubernetes.io/kube-apiserver-client",
                ["usages"] = new JsonArray("client auth"),
            },
        };
    }

    private static string? Certificate(ApiAnswer request) => (string?)request.OrThrow().Body!["status"]?["certificate"];

    private static JsonNode? Condition(ApiAnswer request, string type) =>
        (request.Body!["status"]?["conditions"]?.AsArray() ?? []).FirstOrDefault(c => (string?)c!["type"] == type);
}
