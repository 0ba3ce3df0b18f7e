using SecuritySpecs.Cluster;
using SecuritySpecs.Drivers.Shared.Requests;

namespace SecuritySpecs.Drivers.Shared;

/// <summary>A kubelet's own port, as one identity sees it.</summary>
public sealed class Kubelet : IDisposable
{
    /// <summary>Where the pod that holds a tenant's secret has it.</summary>
    public const string SecretFile = "/secret/token";

    private readonly KubeApi _api;

    private Kubelet(KubeApi api) => _api = api;

    /// <summary>Opens it. A kubelet's certificate is often its own work; who asks is told by a token.</summary>
    public static async Task<Kubelet> OpenAsync(Platform platform, string node, k8s.KubernetesClientConfiguration access, string who)
    {
        var status = (await platform.Admin.GetUnrecordedAsync($"/api/v1/nodes/{node}")).OrThrow().Body!["status"]!;
        var address = (string)status["addresses"]!.AsArray().First(a => (string?)a!["type"] == "InternalIP")!["address"]!;
        var url = $"https://{HostName.InUrl(address)}:{(int)status["daemonEndpoints"]!["kubeletEndpoint"]!["Port"]!}";
        (access.Host, access.SkipTlsVerify, access.SslCaCerts, access.TlsServerName) = (url, true, null, null);
        return new(new(access, who));
    }

    /// <summary>Reads a path.</summary>
    public Task<ApiAnswer> GetAsync(string path) => _api.GetAsync(path);

    /// <summary>Has a command run in a tenant's pod that holds a secret. It is opened by GET, so get on nodes/proxy is what it takes.</summary>
    public async Task<ApiAnswer> RunAsync(Tenant whose)
    {
        var path = $"/exec/{whose.Namespace}/{TenantRequest.SecretHolder}/main?command=cat&command={SecretFile}&output=1&error=1";
        var verdict = await _api.GetAsync(path);
        return verdict.Code == 403 ? verdict : await _api.ReadStreamAsync(path);
    }

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();
}
