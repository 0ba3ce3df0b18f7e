using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using NUnit.Framework;

namespace KubernetesClientContract;

/// <summary>An API server, a client's certificate and a folder for kubeconfigs, fresh for each fixture.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal abstract class ContractTest
{
    protected ApiServer Server { get; private set; } = null!;

    protected Authority Authority { get; private set; } = null!;

    protected X509Certificate2 Alice { get; private set; } = null!;

    protected string Folder { get; private set; } = null!;

    private X509Certificate2? serverCertificate;

    [OneTimeSetUp]
    public async Task StartServerAsync()
    {
        Folder = Directory.CreateTempSubdirectory("kubeconfig").FullName;
        Authority = new Authority("the cluster's CA");
        Alice = Authority.Issue("alice");
        serverCertificate = Authority.Issue("kubernetes");
        Server = await ApiServer.StartAsync(serverCertificate);
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        await Server.DisposeAsync();
        serverCertificate?.Dispose();
        Alice.Dispose();
        Authority.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    protected static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    protected static async Task<string> GetAsync(Kubernetes client, string path = "hello")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        if (client.Credentials is { } login)
            await login.ProcessHttpRequestAsync(request, CancellationToken.None);
        using var response = await client.HttpClient.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    protected string WriteFile(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A kubeconfig of one context; <paramref name="user"/> is the YAML of its user, in one line.</summary>
    protected string Kubeconfig(string user, string? cluster = null) => WriteFile($"{Guid.NewGuid():N}.yaml", $$"""
        apiVersion: v1
        kind: Config
        current-context: main
        contexts:
        - name: main
          context: { cluster: here, user: me, namespace: team }
        clusters:
        - name: here
          cluster: {{cluster ?? TrustedCluster}}
        users:
        - name: me
          user: {{user}}
        """);

    protected string TrustedCluster => $"{{ server: \"{Server.Url}\", certificate-authority-data: {Base64(Authority.Pem)} }}";

    protected Kubernetes Client(string user, string? cluster = null) =>
        new(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig(user, cluster)));
}
