using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SecuritySpecs.ClusterDns;

/// <summary>The API server of the cluster that this pod is in, asked with the pod's own ServiceAccount.</summary>
internal sealed class Api : IDisposable
{
    private const string Account = "/var/run/secrets/kubernetes.io/serviceaccount";
    private readonly HttpClient _http;

    public Api()
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile($"{Account}/ca.crt");
        var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        var server = $"https://{Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")}:{Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT")}";
        _http = new HttpClient(handler) { BaseAddress = new Uri(server), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Asks; returns as soon as the answer begins.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached or says no.</exception>
    public async Task<HttpResponseMessage> GetAsync(string path, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        // Read each time: the kubelet replaces the token before it expires.
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync($"{Account}/token", stop)).Trim());
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        return answer.IsSuccessStatusCode ? answer : throw await RefusalAsync(answer, stop);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<HttpRequestException> RefusalAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        using (answer)
            return new HttpRequestException($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(stop)}");
    }
}
