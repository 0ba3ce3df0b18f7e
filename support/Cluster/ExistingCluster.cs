using k8s;
using k8s.Exceptions;

namespace SecuritySpecs.Cluster;

/// <summary>A cluster that somebody else runs, reached through a kubeconfig.</summary>
public sealed class ExistingCluster : ICluster
{
    private ExistingCluster(string name, KubernetesClientConfiguration admin) => (Name, Admin) = (name, admin);

    /// <inheritdoc/>
    public string Source => "kubeconfig";

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public KubernetesClientConfiguration Admin { get; }

    /// <inheritdoc/>
    public bool EndsWithRun => false;

    /// <summary>Reads a kubeconfig.</summary>
    /// <param name="option">Path with an optional <c>#CONTEXT</c>.</param>
    /// <exception cref="EnvironmentException">The file is missing, cannot be read, is no kubeconfig or has no such context.</exception>
    public static ExistingCluster FromKubeconfig(string option)
    {
        var at = option.LastIndexOf('#');
        var (path, context) = at < 0 ? (option, null) : (option[..at], option[(at + 1)..]);
        if (!File.Exists(path))
            throw new EnvironmentException($"--cluster {option}: there is no file {path}. Give k3s, or the path of a kubeconfig with an optional #CONTEXT.");
        try
        {
            var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfigPath: path, currentContext: context);
            return new(config.CurrentContext ?? context ?? path, config);
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException or YamlDotNet.Core.YamlException or FormatException
            or System.Security.Cryptography.CryptographicException or NullReferenceException or ArgumentException)
        {
            throw new EnvironmentException($"--cluster {option}: not a usable kubeconfig: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
