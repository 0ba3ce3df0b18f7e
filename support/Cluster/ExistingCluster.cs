using k8s;

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

    /// <summary>The parts of <c>PATH#CONTEXT</c>; without a context the file's current one is meant.</summary>
    public static (string Path, string? Context) PathAndContext(string option)
    {
        var at = option.LastIndexOf('#');
        return at < 0 ? (option, null) : (option[..at], option[(at + 1)..]);
    }

    /// <summary>Reads a kubeconfig.</summary>
    /// <param name="option">Path with an optional <c>#CONTEXT</c>.</param>
    /// <exception cref="BadInputException">The file is missing, cannot be read, is no kubeconfig or has no such context.</exception>
    public static ExistingCluster FromKubeconfig(string option)
    {
        var (path, context) = PathAndContext(option);
        var (name, access) = new Kubeconfig(path).Read(context);
        return new(name, access);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
