using System.Net;
using DotNet.Testcontainers.Builders;
using FluentAssertions;
using NUnit.Framework;
using Testcontainers.K3s;
using static TestcontainersContract.ContainerEngine;

namespace TestcontainersContract;

[TestFixture]
internal sealed class K3sTests
{
    private const string ImageVariable = "SPECS_OFFLINE_IMAGE";

    [Test]
    public async Task A_server_gives_a_kubeconfig_that_reaches_it()
    {
        await using var k3s = new K3sBuilder(RequireImage())
            .WithLabel(Label, RunId)
            .WithAutoRemove(true)
            .WithCreateParameterModifier(AllButPrivileged)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged(
                "Node controller sync successful",
                wait => wait.WithInterval(TimeSpan.FromMilliseconds(200)).WithTimeout(TimeSpan.FromSeconds(45))))
            .Build();
        await k3s.StartAsync();
        var server = $"https://{k3s.Hostname}:{k3s.GetMappedPublicPort(K3sBuilder.KubeSecurePort)}/";
        (await k3s.GetKubeconfigAsync()).Should().Contain($"server: {server}").And.Contain("client-key-data:");
        (await StatusOfAsync(server)).Should().Be(HttpStatusCode.Unauthorized);
        var asked = Run("inspect", "--format", "{{.HostConfig.CgroupnsMode}} {{json .Config.Cmd}} {{range .HostConfig.Mounts}}{{.Type}}:{{.Target}} {{end}}", k3s.Id);
        asked.Output.Should().Contain("host [\"server\",\"--disable=traefik\"]")
            .And.Contain("bind:/sys/fs/cgroup").And.Contain("tmpfs:/run").And.Contain("tmpfs:/var/run");
    }

    private static string RequireImage()
    {
        RequireEngine();
        var image = Environment.GetEnvironmentVariable(ImageVariable);
        if (string.IsNullOrEmpty(image) || !HasImage(image))
            Assert.Ignore($"{ImageVariable} names no image that is here ('{image}').");
        return image;
    }

    /// <summary>What a stranger is told; the certificate is not this test's matter.</summary>
    private static async Task<HttpStatusCode> StatusOfAsync(string url)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(new Uri(url + "api"));
        return response.StatusCode;
    }
}
