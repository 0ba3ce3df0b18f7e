using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace k8s;

public partial class KubernetesClientConfiguration
{
    /// <summary>Where kubectl has its kubeconfig: <c>~/.kube/config</c>.</summary>
    public static readonly string KubeConfigDefaultLocation =
        Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".kube", "config");

    /// <summary>Reads a kubeconfig and takes one of its contexts.</summary>
    /// <param name="kubeconfigPath">The file; null for <see cref="KubeConfigDefaultLocation"/>.</param>
    /// <param name="currentContext">The context; null for the file's current one.</param>
    /// <param name="masterUrl">An API server in place of the context's.</param>
    /// <param name="useRelativePaths">Whether paths in the file are relative to its folder.</param>
    /// <exception cref="KubeConfigException">There is no such file, context, cluster or user, or no login in it.</exception>
    /// <exception cref="YamlDotNet.Core.YamlException">The file is not YAML of the right shape.</exception>
    public static KubernetesClientConfiguration BuildConfigFromConfigFile(
        string? kubeconfigPath = null, string? currentContext = null, string? masterUrl = null, bool useRelativePaths = true) =>
        BuildConfigFromConfigFile(new FileInfo(kubeconfigPath ?? KubeConfigDefaultLocation), currentContext, masterUrl, useRelativePaths);

    /// <inheritdoc cref="BuildConfigFromConfigFile(string?, string?, string?, bool)"/>
    public static KubernetesClientConfiguration BuildConfigFromConfigFile(
        FileInfo kubeconfig, string? currentContext = null, string? masterUrl = null, bool useRelativePaths = true) =>
        BuildConfigFromConfigObject(LoadKubeConfig(kubeconfig, useRelativePaths), currentContext, masterUrl);

    /// <inheritdoc cref="BuildConfigFromConfigFile(string?, string?, string?, bool)"/>
    public static KubernetesClientConfiguration BuildConfigFromConfigFile(
        Stream kubeconfig, string? currentContext = null, string? masterUrl = null) =>
        BuildConfigFromConfigObject(LoadKubeConfig(kubeconfig), currentContext, masterUrl);

    /// <summary>Takes one context of a kubeconfig.</summary>
    /// <exception cref="KubeConfigException">There is no such context, cluster or user, or no login in it.</exception>
    public static KubernetesClientConfiguration BuildConfigFromConfigObject(
        K8SConfiguration k8SConfig, string? currentContext = null, string? masterUrl = null)
    {
        ArgumentNullException.ThrowIfNull(k8SConfig);
        var configuration = new KubernetesClientConfiguration();
        if ((currentContext ?? k8SConfig.CurrentContext) is { } context)
            configuration.Take(k8SConfig, context);
        if (!string.IsNullOrWhiteSpace(masterUrl))
            configuration.Host = masterUrl;
        if (string.IsNullOrWhiteSpace(configuration.Host))
            throw new KubeConfigException("The kubeconfig has no current context, and no server was given.");
        return configuration;
    }

    /// <summary>Reads a kubeconfig without taking a context.</summary>
    /// <inheritdoc cref="BuildConfigFromConfigFile(string?, string?, string?, bool)"/>
    public static K8SConfiguration LoadKubeConfig(string? kubeconfigPath = null, bool useRelativePaths = true) =>
        LoadKubeConfig(new FileInfo(kubeconfigPath ?? KubeConfigDefaultLocation), useRelativePaths);

    /// <inheritdoc cref="LoadKubeConfig(string?, bool)"/>
    public static K8SConfiguration LoadKubeConfig(FileInfo kubeconfig, bool useRelativePaths = true)
    {
        ArgumentNullException.ThrowIfNull(kubeconfig);
        if (!kubeconfig.Exists)
            throw new KubeConfigException($"kubeconfig file not found at {kubeconfig.FullName}");
        using var stream = kubeconfig.OpenRead();
        var config = LoadKubeConfig(stream);
        if (useRelativePaths)
            config.FileName = kubeconfig.FullName;
        return config;
    }

    /// <inheritdoc cref="LoadKubeConfig(string?, bool)"/>
    public static K8SConfiguration LoadKubeConfig(Stream kubeconfigStream)
    {
        using var reader = new StreamReader(kubeconfigStream, leaveOpen: true);
        return new DeserializerBuilder()
            .WithNamingConvention(CamelCaseNamingConvention.Instance)
            .IgnoreUnmatchedProperties()
            .Build()
            .Deserialize<K8SConfiguration>(reader);
    }

    private static string FullPath(K8SConfiguration config, string path) =>
        config.FileName is null ? path : Path.Combine(Path.GetDirectoryName(config.FileName)!, path);

    private static bool Is(string name, string? other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static X509Certificate2Collection Certificates(string pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    private void Take(K8SConfiguration config, string contextName)
    {
        var context = config.Contexts.FirstOrDefault(c => Is(c.Name, contextName))
            ?? throw new KubeConfigException($"CurrentContext: {contextName} not found in contexts in kubeconfig");
        if (string.IsNullOrEmpty(context.ContextDetails?.Cluster))
            throw new KubeConfigException($"Cluster not set for context `{contextName}` in kubeconfig");
        CurrentContext = context.Name;
        Namespace = context.ContextDetails.Namespace;
        TakeCluster(config, context);
        TakeUser(config, context);
    }

    private void TakeCluster(K8SConfiguration config, Context context)
    {
        var endpoint = config.Clusters.FirstOrDefault(c => Is(c.Name, context.ContextDetails!.Cluster))?.ClusterEndpoint
            ?? throw new KubeConfigException($"Cluster not found for context `{context.Name}` in kubeconfig");
        if (string.IsNullOrWhiteSpace(endpoint.Server))
            throw new KubeConfigException($"Server not found for current-context `{context.Name}` in kubeconfig");
        if (!Uri.TryCreate(endpoint.Server, UriKind.Absolute, out var uri))
            throw new KubeConfigException($"Bad server host URL `{endpoint.Server}` (cannot be parsed)");
        Host = Reachable(uri, endpoint.Server);
        SkipTlsVerify = endpoint.SkipTlsVerify;
        TlsServerName = endpoint.TlsServerName;
        if (uri.Scheme == Uri.UriSchemeHttps)
            SslCaCerts = CaCertificates(config, endpoint);
    }

    /// <summary>An address to listen on is no address to connect to: its loopback counterpart is meant.</summary>
    private static string Reachable(Uri uri, string server)
    {
        if (!IPAddress.TryParse(uri.Host, out var address))
            return server;
        if (address.Equals(IPAddress.Any))
            return new UriBuilder(uri) { Host = IPAddress.Loopback.ToString() }.ToString();
        if (address.Equals(IPAddress.IPv6Any))
            return new UriBuilder(uri) { Host = IPAddress.IPv6Loopback.ToString() }.ToString();
        return server;
    }

    private static X509Certificate2Collection? CaCertificates(K8SConfiguration config, ClusterEndpoint endpoint)
    {
        if (!string.IsNullOrEmpty(endpoint.CertificateAuthorityData))
            return Certificates(Encoding.UTF8.GetString(Convert.FromBase64String(endpoint.CertificateAuthorityData)));
        if (!string.IsNullOrEmpty(endpoint.CertificateAuthority))
            return Certificates(File.ReadAllText(FullPath(config, endpoint.CertificateAuthority)));
        return null;
    }

    private void TakeUser(K8SConfiguration config, Context context)
    {
        if (string.IsNullOrWhiteSpace(context.ContextDetails!.User))
            return;
        var user = config.Users.FirstOrDefault(u => Is(u.Name, context.ContextDetails.User))
            ?? throw new KubeConfigException($"User not found for context {context.Name} in kubeconfig");
        var credentials = user.UserCredentials
            ?? throw new KubeConfigException($"User credentials not found for user: {user.Name} in kubeconfig");
        // Every kind is taken, not only the first one: a certificate and a token can stand beside each other.
        var found = TakeTokenOrPassword(credentials);
        found |= TakeCertificateData(credentials);
        found |= TakeCertificateFiles(config, credentials);
        found |= TakePlugin(credentials);
        if (!found)
            throw new KubeConfigException($"User: {user.Name} does not have appropriate auth credentials in kubeconfig");
    }

    private bool TakeTokenOrPassword(UserCredentials credentials)
    {
        if (!string.IsNullOrWhiteSpace(credentials.Token))
        {
            AccessToken = credentials.Token;
            return true;
        }

        if (string.IsNullOrWhiteSpace(credentials.UserName) || string.IsNullOrWhiteSpace(credentials.Password))
            return false;
        (Username, Password) = (credentials.UserName, credentials.Password);
        return true;
    }

    private bool TakeCertificateData(UserCredentials credentials)
    {
        if (string.IsNullOrWhiteSpace(credentials.ClientCertificateData) || string.IsNullOrWhiteSpace(credentials.ClientKeyData))
            return false;
        (ClientCertificateData, ClientCertificateKeyData) = (credentials.ClientCertificateData, credentials.ClientKeyData);
        return true;
    }

    private bool TakeCertificateFiles(K8SConfiguration config, UserCredentials credentials)
    {
        if (string.IsNullOrWhiteSpace(credentials.ClientCertificate) || string.IsNullOrWhiteSpace(credentials.ClientKey))
            return false;
        ClientCertificateFilePath = FullPath(config, credentials.ClientCertificate);
        ClientKeyFilePath = FullPath(config, credentials.ClientKey);
        return true;
    }
}
