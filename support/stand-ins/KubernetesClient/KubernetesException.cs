using k8s.Models;

namespace k8s;

/// <summary>A command in a pod ended in a way that is not an exit code.</summary>
public class KubernetesException(V1Status status) : Exception(status.Message)
{
    public V1Status Status { get; } = status;
}
