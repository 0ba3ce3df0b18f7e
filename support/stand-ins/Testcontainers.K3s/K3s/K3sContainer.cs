using System.Text;
using System.Text.RegularExpressions;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;

namespace Testcontainers.K3s;

/// <summary>A k3s server in a container.</summary>
public sealed partial class K3sContainer : DockerContainer
{
    internal K3sContainer(ContainerConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>The administrator's kubeconfig, with the address at which the API is reached from here.</summary>
    public async Task<string> GetKubeconfigAsync()
    {
        var kubeconfig = Encoding.UTF8.GetString(await ReadFileAsync("/etc/rancher/k3s/k3s.yaml"));
        var server = new UriBuilder(Uri.UriSchemeHttps, Hostname, GetMappedPublicPort(K3sBuilder.KubeSecurePort));
        return Server().Replace(kubeconfig, $"server: {server}");
    }

    [GeneratedRegex(@"server:\s?[\w:/.]+")]
    private static partial Regex Server();
}
