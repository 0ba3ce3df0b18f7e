using k8s;

namespace SecuritySpecs.Cluster;

/// <summary>A running Kubernetes cluster and how to reach it as its administrator.</summary>
public interface ICluster : IAsyncDisposable
{
    /// <summary><c>k3s</c>, <c>kept</c> or <c>kubeconfig</c>.</summary>
    string Source { get; }

    /// <summary>The image, or the kubeconfig context.</summary>
    string Name { get; }

    /// <summary>The administrator's access.</summary>
    KubernetesClientConfiguration Admin { get; }

    /// <summary>Whether the cluster goes away with the run: then nothing in it needs removing.</summary>
    bool EndsWithRun { get; }

    /// <summary>The container of a cluster that outlives its run for the next one; null for any other.</summary>
    string? KeptId => null;

    /// <summary>The container of the API server; null where somebody else runs it.</summary>
    string? ServerId => null;
}
